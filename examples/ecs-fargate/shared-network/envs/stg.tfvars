# stg: Like production, but smaller.
# Use: terraform plan -var-file=envs/stg.tfvars
# Also needed: domain_name, image_tag, hosted_zone_id, network.

name                = "example-stg"                                   # why: names are unique in an account, and two environments may share one
deletion_protection = true                                            # notes aurora.deletion-protection: on, because deleting the cluster deletes its volume
log_retention_days  = 90                                              # why: covers the tests of several releases
service_scaling     = { desired = 2, min = 2, max = 4 }               # why: shows what breaks with more than one task
database_size       = { class = "db.t4g.medium", instances = 2 }      # notes aurora.burstable-instance-class, aurora.failover-replica-in-other-az: burstable, with a replica in another zone
cache_size          = { node_type = "cache.t4g.small", replicas = 1 } # notes elasticache-redis.replica-count-multi-az: one replica in another zone
