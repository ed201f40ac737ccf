# dev: Small, cheap and easy to throw away.
# Use: terraform plan -var-file=envs/dev.tfvars
# Also needed: domain_name, image_tag, hosted_zone_id, network.

name                   = "example-dev"                                   # why: names are unique in an account, and two environments may share one
deletion_protection    = false                                           # why: development environments are short-lived
disposable             = true                                            # why: nothing in it is worth keeping
log_retention_days     = 30                                              # why: enough to look back a week
service_scaling        = { desired = 1, min = 1, max = 2 }               # why: one task is enough for development
database_size          = { class = "db.t4g.medium", instances = 1 }      # notes aurora.burstable-instance-class: a burstable class
database_mysql_version = "8.0"                                           # notes aurora.minor-version-rollout, aurora.auto-minor-version-upgrade: automatic in development, which is upgraded first
cache_size             = { node_type = "cache.t4g.micro", replicas = 0 } # why: there is little to cache, and losing sessions is acceptable
