# stg: Like production, with longer sessions and shorter retention.
# Use: terraform plan -var-file=envs/stg.tfvars
# Also needed: organization_id, oidc, oidc_provider_arn, alarm_slack.

name                         = "example-stg" # why: names of roles and policies are unique in an account
environment                  = "stg"         # notes sts.environment-names, sts.account-per-environment: each environment has its own account
delivery_max_session_seconds = 14400         # why: four hours, enough to rehearse a release
trail_retention_days         = 365           # why: only production is audited
trail_log_retention_days     = 90            # why: covers several releases
