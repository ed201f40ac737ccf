proof "aurora.private-subnet" {
  every "aws_db_subnet_group" {
    subnet_ids = refers_to("aws_subnet.network_datastore")
  }

  every "aws_rds_cluster" {
    db_subnet_group_name = refers_to("aws_db_subnet_group")
  }

  # Their route table has no routes: the module's routes belong to other tables.
  some "aws_route_table_association" {
    where {
      subnet_id = refers_to("aws_subnet.network_datastore")
    }

    route_table_id = refers_to("aws_route_table.network_datastore")
  }

  no "aws_route" {
    route_table_id = refers_to("aws_route_table.network_datastore")
  }
}

proof "aurora.datastore-subnet-name" {
  every "aws_db_subnet_group" {
    name = matches("datastore$")
  }

  some "aws_subnet" {
    tags = { Name = matches("-datastore-1$") }
  }
}

proof "aurora.parameter-group-created-first" {
  every "aws_rds_cluster" {
    db_cluster_parameter_group_name = refers_to("aws_rds_cluster_parameter_group")
  }
}

proof "aurora.cluster-parameter-group-over-instance" {
  every "aws_rds_cluster" {
    db_cluster_parameter_group_name = refers_to("aws_rds_cluster_parameter_group")
  }

  every "aws_rds_cluster_instance" {
    db_parameter_group_name = absent()
  }
}

proof "aurora.authentication-set-on-cluster" {
  every "aws_rds_cluster" {
    iam_database_authentication_enabled = true
  }
}

proof "aurora.cloudwatch-log-exports-all" {
  every "aws_rds_cluster" {
    enabled_cloudwatch_logs_exports = contains("audit", "error", "general", "slowquery", "instance", "iam-db-auth-error")
  }
}

proof "aurora.deletion-protection" {
  every "aws_rds_cluster" {
    deletion_protection = true
  }
}

# Development names a version that AWS upgrades; staging and production pin one.
proof "aurora.auto-minor-version-upgrade" {
  every "aws_rds_cluster_instance" {
    auto_minor_version_upgrade = false
  }

  every "aws_rds_cluster_instance" {
    auto_minor_version_upgrade = refers_to("var.database_mysql_version")
  }

  file "envs/dev.tfvars" {
    matches = "database_mysql_version += \"8\\.0\""
  }

  file "envs/stg.tfvars" {
    lacks = "database_mysql_version"
  }

  file "envs/prd.tfvars" {
    lacks = "database_mysql_version"
  }
}

proof "aurora.minor-version-rollout" {
  human "runbooks/database-upgrade.md" {
    heading = "Order"
    says    = "staging.*Then production"
  }
}

proof "aurora.cluster-only-for-aurora-engine" {
  every "aws_rds_cluster" {
    engine = prefix("aurora-")
  }
}

proof "aurora.zdp-do-not-rely" {
  duty = "Whether patching takes effect without downtime is seen only afterwards; no setting depends on it."

  human "runbooks/database-upgrade.md" {
    heading = "Upgrade the engine"
    says    = "Patching without downtime may or may not take effect.*never rely on it"
  }
}

proof "aurora.zdp-avoid-reader-endpoint" {
  some "aws_ssm_parameter" {
    name  = matches("/DB_HOST$")
    value = refers_to("aws_rds_cluster.endpoint")
  }

  no "aws_ssm_parameter" {
    value = refers_to("aws_rds_cluster.reader_endpoint")
  }
}

proof "aurora.instance-endpoint-not-recommended" {
  some "aws_ssm_parameter" {
    name  = matches("/DB_HOST$")
    value = refers_to("aws_rds_cluster.endpoint")
  }

  no "aws_ssm_parameter" {
    value = refers_to("aws_rds_cluster_instance.endpoint")
  }
}

proof "aurora.planned-downtime" {
  every "aws_rds_cluster" {
    apply_immediately            = false
    preferred_maintenance_window = set()
  }

  every "aws_rds_cluster_instance" {
    apply_immediately = false
  }
}

proof "aurora.downtime-measure-baseline" {
  duty = "A measurement that people make while they change something."

  human "runbooks/database-downtime.md" {
    heading = "Measure the downtime of a change"
    says    = "At the same time send requests to the application, for normal traffic"
  }
}

proof "aurora.downtime-measure-local-clock" {
  duty = "A measurement that people make on their own machine."

  human "runbooks/database-downtime.md" {
    heading = "Measure the downtime of a change"
    says    = "\\$\\(date '\\+%Y-%m-%d %H:%M:%S'\\)|date \"\\+%Y-%m-%d %H:%M:%S\" >>health_check\\.txt"
  }
}

proof "aurora.downtime-check-event-log" {
  human "runbooks/database-downtime.md" {
    heading = "Read the result"
    says    = "check it against the events of the writer.*aws rds describe-events"
  }
}

# The zones are those of the subnets, over which Aurora spreads the instances.
proof "aurora.failover-replica-in-other-az" {
  some "aws_rds_cluster_instance" {
    identifier = matches("-2$")
  }

  every "aws_rds_cluster_instance" {
    availability_zone = absent()
  }

  every "aws_db_subnet_group" {
    subnet_ids = refers_to("aws_subnet.network_datastore")
  }

  some "aws_subnet" {
    tags              = { Name = matches("-datastore-2$") }
    availability_zone = refers_to("data.aws_availability_zones")
  }
}

proof "aurora.failover-minimise-downtime" {
  human "runbooks/database-failover.md" {
    heading = "Change an instance with little downtime"
    says    = "Check that the application uses.*aws rds failover-db-cluster"
  }
}

proof "aurora.connect-to-primary" {
  every "aws_ssm_parameter" {
    where {
      name = matches("/DB_HOST$")
    }

    value = refers_to("aws_rds_cluster.endpoint")
  }

  every "aws_ecs_task_definition" {
    container_definitions = json(contains({
      secrets = contains({ name = "DB_HOST" })
    }))
  }
}

proof "aurora.load-measures" {
  human "runbooks/database-load.md" {
    heading = "The database is overloaded"
    says    = "index.*class"
  }
}

proof "aurora.split-endpoints-by-crud" {
  options = { reader_endpoint = true }

  some "aws_ssm_parameter" {
    name  = matches("/DB_READER_HOST$")
    value = refers_to("aws_rds_cluster.reader_endpoint")
  }
}

proof "aurora.slow-query-index" {
  human "runbooks/database-load.md" {
    heading = "The database is overloaded"
    says    = "EXPLAIN.*an index, or a unique key"
  }
}

proof "aurora.scale-up-instance-type" {
  human "runbooks/database-load.md" {
    heading = "The database is overloaded"
    says    = "Then change the class with little downtime"
  }
}

proof "aurora.check-max-connections" {
  human "runbooks/database-load.md" {
    heading = "The database is overloaded"
    says    = "SHOW max_connections"
  }
}

proof "aurora.events-in-english" {
  human "runbooks/database-failover.md" {
    heading = "Change an instance with little downtime"
    says    = "Events are in English; search for their text in the English user guide"
  }
}

proof "aurora.bastion-only-access" {
  options = { bastion = true }

  every "aws_vpc_security_group_ingress_rule" {
    where {
      security_group_id = refers_to("aws_security_group.database")
    }

    referenced_security_group_id = refers_to("aws_security_group")
    cidr_ipv4                    = absent()
    cidr_ipv6                    = absent()
    prefix_list_id               = absent()
  }

  every "aws_vpc_security_group_ingress_rule" {
    where {
      security_group_id            = refers_to("aws_security_group.database")
      referenced_security_group_id = not(refers_to("aws_security_group.service"))
    }

    referenced_security_group_id = refers_to("aws_security_group.bastion")
  }

  some "aws_vpc_security_group_ingress_rule" {
    security_group_id            = refers_to("aws_security_group.database")
    referenced_security_group_id = refers_to("aws_security_group.bastion")
  }

  every "aws_instance" {
    associate_public_ip_address = false
    vpc_security_group_ids      = refers_to("aws_security_group.bastion")
  }
}

# Departed: the export of the cluster, not the parameter.
proof "aurora.param-server-audit-logs-upload" {
  every "aws_rds_cluster" {
    enabled_cloudwatch_logs_exports = contains("audit")
  }

  every "aws_rds_cluster_parameter_group" {
    parameter {
      name  = "server_audit_logging"
      value = 1
    }
  }
}

# Departed in production only.
proof "aurora.param-general-log" {
  every "aws_rds_cluster_parameter_group" {
    parameter {
      name  = "general_log"
      value = 1
    }
  }

  file "envs/prd.tfvars" {
    matches = "database_log_statements += false"
  }
}

# Departed: a group, not addresses.
proof "aurora.cluster-security-group" {
  every "aws_rds_cluster" {
    vpc_security_group_ids = refers_to("aws_security_group.database")
  }

  every "aws_vpc_security_group_ingress_rule" {
    where {
      security_group_id = refers_to("aws_security_group.database")
    }

    referenced_security_group_id = refers_to("aws_security_group.service")
    cidr_ipv4                    = absent()
    cidr_ipv6                    = absent()
    from_port                    = 3306
    to_port                      = 3306
  }
}

# Departed in production only.
proof "aurora.burstable-instance-class" {
  every "aws_rds_cluster_instance" {
    instance_class = prefix("db.t")
  }

  file "envs/stg.tfvars" {
    matches = "class += \"db\\.t"
  }
}

# The notes offer MySQL's or Redis's, and say that MySQL 8 has none.
proof "aurora.query-cache" {
  some "aws_elasticache_replication_group" {
    engine = one_of("redis", "valkey")
  }

  human "runbooks/cache-use.md" {
    heading = "What to keep in the cache"
    says    = "Results of queries"
  }
}
