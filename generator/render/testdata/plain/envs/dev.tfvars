# The values of dev.
# Use: terraform plan -var-file=envs/dev.tfvars

size = 1
