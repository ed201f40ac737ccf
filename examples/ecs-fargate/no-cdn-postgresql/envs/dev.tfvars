# dev: Small, cheap and easy to throw away.
# Use: terraform plan -var-file=envs/dev.tfvars
# Needed besides: domain_name, hosted_zone_id, image_tag.

name                        = "example-dev"                                   # why: names are taken once in an account, and two environments may share one
deletion_protection         = false                                           # why: development is made and thrown away
disposable                  = true                                            # why: nothing in it is worth keeping
nat_gateways                = "single"                                        # why: development may lose its way out with a zone
log_retention_days          = 30                                              # why: enough to look into last week
service_scaling             = { desired = 1, min = 1, max = 2 }               # why: nobody waits for one developer's task
database_size               = { class = "db.t4g.medium", instances = 1 }      # notes 22-02: burstable; development may wait for a new instance
database_postgresql_version = "17"                                            # notes 22-02: new versions come here first
cache_size                  = { node_type = "cache.t4g.micro", replicas = 0 } # why: there is little to cache, and sessions may be lost
