proof "elasticache-redis.engine-version-not-6-x" {
  every "aws_elasticache_replication_group" {
    engine_version             = matches("^[0-9]+\\.[0-9]+$")
    auto_minor_version_upgrade = false
  }
}

proof "elasticache-redis.custom-parameter-group-first" {
  every "aws_elasticache_replication_group" {
    parameter_group_name = refers_to("aws_elasticache_parameter_group")
  }
}

proof "elasticache-redis.replica-count-multi-az" {
  every "aws_elasticache_replication_group" {
    num_cache_clusters         = 2
    multi_az_enabled           = true
    automatic_failover_enabled = true
  }
}

proof "elasticache-redis.plan-downtime-for-upgrade" {
  every "aws_elasticache_replication_group" {
    apply_immediately          = false
    auto_minor_version_upgrade = false
    maintenance_window         = set()
  }
}

proof "elasticache-redis.upgrade-by-backup-and-import" {
  human "runbooks/cache-change.md" {
    heading = "Upgrade with a second cache"
    says    = "snapshot.*Remove the old cache"
  }
}
