mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                     = "example"
  engine                   = "aurora-mysql"
  vpc_id                   = "vpc-0123456789abcdef0"
  subnet_ids               = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  client_security_group_id = "sg-0123456789abcdef0"
  maintenance_window       = "tue:03:00-tue:04:00"
  backup_window            = "01:00-01:30"
  time_zone                = "UTC"
}

run "is_protected" {
  command = apply

  assert {
    condition     = aws_rds_cluster.this.storage_encrypted && aws_rds_cluster.this.manage_master_user_password && aws_rds_cluster.this.iam_database_authentication_enabled && aws_rds_cluster.this.skip_final_snapshot == var.disposable && aws_rds_cluster.this.delete_automated_backups == var.disposable
    error_message = "The cluster must be encrypted, keep its password in Secrets Manager, and leave a snapshot and its backups when it is deleted."
  }

  assert {
    condition     = aws_rds_cluster.this.deletion_protection == var.deletion_protection && aws_rds_cluster.this.backup_retention_period >= 7 && !aws_rds_cluster.this.apply_immediately && aws_rds_cluster.this.preferred_maintenance_window == var.maintenance_window
    error_message = "The cluster must be protected and backed up for a week, and change in its maintenance window."
  }

  assert {
    condition     = length(aws_rds_cluster.this.enabled_cloudwatch_logs_exports) == length(aws_cloudwatch_log_group.this) && join(",", [for p in aws_rds_cluster_parameter_group.this.parameter : p.value if contains(["rds.force_ssl", "require_secure_transport"], p.name)]) == (var.engine == "aurora-mysql" ? "ON" : "")
    error_message = "Every exported log must have its group. Connections without TLS must be refused, which PostgreSQL does by default from version 17; a parameter that repeats its default is a change in every plan."
  }

  assert {
    condition     = length(aws_rds_cluster_instance.this) == var.size.instances && !anytrue(aws_rds_cluster_instance.this[*].publicly_accessible) && alltrue(aws_rds_cluster_instance.this[*].performance_insights_enabled) && aws_rds_cluster_instance.this[0].promotion_tier == 0
    error_message = "There must be as many instances as chosen, none public, each monitored, and the first one promoted first."
  }

  # bpgen:if var.engine == "aurora-mysql"
  assert {
    condition     = alltrue([for p in aws_rds_cluster_parameter_group.this.parameter : p.value == "utf8mb4" if startswith(p.name, "character_set")]) && alltrue([for p in aws_rds_cluster_parameter_group.this.parameter : p.value == "1" if contains(["slow_query_log", "server_audit_logging"], p.name)]) && contains(aws_rds_cluster_parameter_group.this.parameter[*].name, "general_log") == var.log_statements
    error_message = "Every character set must be utf8mb4; slow statements and the audit trail must be logged, and every statement only where that is wanted."
  }

  assert {
    condition     = aws_ssm_parameter.host.type == "SecureString" && alltrue([for group in aws_cloudwatch_log_group.this : group.retention_in_days == var.log_retention_days]) && jsondecode(aws_iam_role.monitoring.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == data.aws_caller_identity.current.account_id
    error_message = "The host must be stored encrypted, logs must not be kept forever, and only databases of this account may assume the role."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.this.cidr_ipv4 == null && aws_vpc_security_group_ingress_rule.this.from_port == aws_rds_cluster.this.port && aws_vpc_security_group_ingress_rule.this.to_port == aws_rds_cluster.this.port && aws_vpc_security_group_ingress_rule.this.ip_protocol == "tcp" && aws_vpc_security_group_egress_rule.client.cidr_ipv4 == null
    error_message = "Only the application may connect, and only to the database port."
  }

  assert {
    condition     = aws_rds_cluster.this.engine == var.engine && aws_rds_cluster.this.engine_version == (var.engine == "aurora-mysql" ? var.mysql_version : var.postgresql_version) && toset(aws_rds_cluster_instance.this[*].auto_minor_version_upgrade) == toset([var.engine == "aurora-mysql" ? var.mysql_version == "8.0" : !strcontains(var.postgresql_version, ".")])
    error_message = "A pinned version must stay, and only a version without a minor number may change."
  }

  assert {
    condition     = toset(aws_rds_cluster_instance.this[*].instance_class) == toset([var.size.class]) && aws_rds_cluster_instance.this[*].identifier == [for number in range(var.size.instances) : "${var.name}-db-${number + 1}"]
    error_message = "Instances must be of the chosen class, and have the names that runbooks and alarms use."
  }

  assert {
    condition     = var.size.instances >= 2 || var.disposable
    error_message = "A cluster that must not be lost needs a replica in another zone."
  }

  assert {
    condition     = aws_rds_cluster.this.backup_retention_period == var.backup_retention_days && alltrue([for instance in aws_rds_cluster_instance.this : !instance.apply_immediately])
    error_message = "Backups must be kept as long as chosen, and instances must change in the maintenance window."
  }

  assert {
    condition     = aws_rds_cluster.this.db_subnet_group_name == aws_db_subnet_group.this.name && aws_db_subnet_group.this.name == "${var.name}-datastore" && aws_rds_cluster.this.db_cluster_parameter_group_name == aws_rds_cluster_parameter_group.this.name
    error_message = "The cluster must be in the data store subnets, with its own parameters."
  }

  assert {
    condition     = aws_rds_cluster.this.vpc_security_group_ids == toset([aws_security_group.this.id]) && aws_vpc_security_group_ingress_rule.this.referenced_security_group_id == var.client_security_group_id
    error_message = "Only the application may reach the database."
  }

  assert {
    condition     = aws_ssm_parameter.host.value == aws_rds_cluster.this.endpoint
    error_message = "The application must write to the writer, whichever instance that is."
  }

  # bpgen:if var.reader_endpoint
  assert {
    condition     = aws_ssm_parameter.reader_host[0].name == "/${var.name}/DB_READER_HOST" && aws_ssm_parameter.reader_host[0].value == aws_rds_cluster.this.reader_endpoint
    error_message = "The application must find the readers under DB_READER_HOST."
  }

  assert {
    condition     = contains([for p in aws_rds_cluster_parameter_group.this.parameter : p.value if contains(["time_zone", "timezone"], p.name)], var.time_zone)
    error_message = "The database must use the users' time zone."
  }

  # bpgen:if var.engine == "aurora-mysql"
  assert {
    condition     = contains([for p in aws_rds_cluster_parameter_group.this.parameter : p.value if p.name == "long_query_time"], "3") && alltrue([for p in aws_rds_cluster_parameter_group.this.parameter : p.value == "1" if p.name == "general_log"])
    error_message = "Statements of three seconds and more must be logged as slow."
  }
}

run "leaves_its_data" {
  command = apply

  variables {
    kms_key_arn = "arn:aws:kms:xx-example-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
  }

  assert {
    condition     = aws_rds_cluster.this.kms_key_id == var.kms_key_arn && aws_rds_cluster_instance.this[0].performance_insights_kms_key_id == var.kms_key_arn
    error_message = "The key must be the configured one or the AWS managed key: a key destroyed with the database would make its snapshots unreadable."
  }

  assert {
    condition     = endswith(aws_rds_cluster.this.final_snapshot_identifier, "-${substr(aws_security_group.this.id, 3, -1)}")
    error_message = "The final snapshot must have a name that is free each time the module is created."
  }
}
