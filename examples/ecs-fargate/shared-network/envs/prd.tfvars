# prd: Production: protected, redundant, sized for users.
# Use: terraform plan -var-file=envs/prd.tfvars
# Also needed: domain_name, image_tag, hosted_zone_id, network.

name                    = "example-prd"                                   # why: names are unique in an account, and two environments may share one
deletion_protection     = true                                            # notes aurora.deletion-protection: on, because deleting the cluster deletes its volume
log_retention_days      = 365                                             # why: a fault or an attack is often found months later
service_size            = { cpu = 512, memory = 1024 }                    # notes codedeploy.taskdef-cpu, codedeploy.taskdef-memory: 512 units and 1024 MiB
service_scaling         = { desired = 4, min = 2, max = 6 }               # notes ecs-fargate.autoscaling-example-values: 2 to 6 tasks
database_size           = { class = "db.r7g.large", instances = 2 }       # departs from notes aurora.burstable-instance-class: AWS recommends the burstable classes for development and test only
cache_size              = { node_type = "cache.t4g.small", replicas = 1 } # notes elasticache-redis.replica-count-multi-az: one replica in another zone
alarm_thresholds        = { "database-DatabaseConnections" = 800 }        # why: db.r7g.large allows 1000
database_log_statements = false                                           # departs from notes aurora.param-general-log: It contains every value, including personal data and passwords, slows the writer, and is billed by the GB
