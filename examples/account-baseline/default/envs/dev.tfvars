# dev: Sessions that last a working day.
# Use: terraform plan -var-file=envs/dev.tfvars
# Also needed: trusted_principals, external_id.

name                         = "example-dev" # why: names of roles and policies are unique in an account
environment                  = "dev"         # notes sts.environment-names, sts.account-per-environment: each environment has its own account
delivery_max_session_seconds = 43200         # why: twelve hours, the most that IAM allows: people work with the role all day
trail_retention_days         = 365           # why: development is not audited, but a stolen key may have been used there first
trail_log_retention_days     = 90            # why: long enough to trace a fault back a few weeks
