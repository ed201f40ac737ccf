# stg: Like production.
# Use: terraform plan -var-file=envs/stg.tfvars

name               = "example-stg" # why: names are unique in an account, and two environments may share one
log_retention_days = 90            # why: covers the tests of several releases
