# dev: Small, cheap and easy to throw away.
# Use: terraform plan -var-file=envs/dev.tfvars
# Needed besides: name, domain_name, hosted_zone_id, image_tag.

deletion_protection                 = false                             # why: development is made and thrown away
log_retention_days                  = 30                                # why: enough to look into last week
service_scaling                     = { desired = 1, min = 1, max = 2 } # why: nobody waits for one developer's task
database_instance_count             = 1                                 # why: development may wait for a new instance
database_auto_minor_version_upgrade = true                              # notes 22-02: new minor versions are tried here first
database_mysql_version              = "8.0"                             # notes 22-02: the newest default comes first to development
cache_node_type                     = "cache.t4g.micro"                 # why: development has little to cache
cache_replica_count                 = 0                                 # why: development may lose its sessions
