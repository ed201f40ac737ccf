# prd: Production: short sessions, and three years of evidence.
# Use: terraform plan -var-file=envs/prd.tfvars
# Also needed: trusted_principals, external_id.

name                         = "example-prd" # why: names of roles and policies are unique in an account
environment                  = "prd"         # notes sts.environment-names, sts.account-per-environment: each environment has its own account
delivery_max_session_seconds = 3600          # why: a stolen production session ends soon
trail_retention_days         = 1095          # why: three years, as audits require
trail_log_retention_days     = 365           # why: an intrusion is often found months later
