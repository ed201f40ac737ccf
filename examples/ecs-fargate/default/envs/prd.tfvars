# prd: Production: protected, redundant, sized for users.
# Use: terraform plan -var-file=envs/prd.tfvars
# Needed besides: name, domain_name, hosted_zone_id, image_tag.

deletion_protection                 = true                              # notes 22-02: deleting the cluster deletes its volume
log_retention_days                  = 365                               # why: a fault or an attack is often found months later
service_cpu                         = 512                               # notes 10-03: half a virtual CPU
service_memory                      = 1024                              # notes 10-03: a GiB
service_scaling                     = { desired = 4, min = 2, max = 6 } # notes 14-03: 2 to 6 tasks
database_instance_class             = "db.r7g.large"                    # why: AWS recommends the burstable classes for development and test only
database_instance_count             = 2                                 # notes 22-02: a replica in another zone
database_backup_retention_days      = 7                                 # notes 22-02: keep backups for 7 days
database_auto_minor_version_upgrade = false                             # notes 22-02: off but in development
cache_replica_count                 = 1                                 # notes 16-02: one replica in another zone
