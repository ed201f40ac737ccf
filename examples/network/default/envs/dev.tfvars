# dev: Cheap and easy to throw away.
# Use: terraform plan -var-file=envs/dev.tfvars

name               = "example-dev" # why: names are unique in an account, and two environments may share one
log_retention_days = 30            # why: enough to look back a week
