# prd: Production.
# Use: terraform plan -var-file=envs/prd.tfvars

name               = "example-prd" # why: names are unique in an account, and two environments may share one
log_retention_days = 365           # why: a fault or an attack is often found months later
