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
  command = plan

  assert {
    condition     = aws_rds_cluster.this.storage_encrypted && aws_rds_cluster.this.manage_master_user_password && aws_rds_cluster.this.iam_database_authentication_enabled && !aws_rds_cluster.this.skip_final_snapshot
    error_message = "The cluster must be encrypted, keep its password in Secrets Manager and leave a snapshot when it is deleted."
  }

  assert {
    condition     = aws_rds_cluster.this.deletion_protection == var.deletion_protection && aws_rds_cluster.this.backup_retention_period >= 7 && !aws_rds_cluster.this.apply_immediately && aws_rds_cluster.this.preferred_maintenance_window == var.maintenance_window
    error_message = "The cluster must be protected and backed up for a week, and change in its maintenance window."
  }

  assert {
    condition     = length(aws_rds_cluster.this.enabled_cloudwatch_logs_exports) == length(aws_cloudwatch_log_group.this) && contains([for p in aws_rds_cluster_parameter_group.this.parameter : p.value if contains(["rds.force_ssl", "require_secure_transport"], p.name)], var.engine == "aurora-mysql" ? "ON" : "1")
    error_message = "Every exported log must have its group, and connections without TLS must be refused."
  }

  assert {
    condition     = length(aws_rds_cluster_instance.this) == var.size.instances && !anytrue(aws_rds_cluster_instance.this[*].publicly_accessible) && alltrue(aws_rds_cluster_instance.this[*].performance_insights_enabled) && aws_rds_cluster_instance.this[0].promotion_tier == 0
    error_message = "There must be as many instances as chosen, none of them public, each one watched, and the first one promoted first."
  }

  # bpgen:if var.engine == "aurora-mysql"
  assert {
    condition     = alltrue([for p in aws_rds_cluster_parameter_group.this.parameter : p.value == "utf8mb4" if startswith(p.name, "character_set")]) && alltrue([for p in aws_rds_cluster_parameter_group.this.parameter : p.value == "1" if contains(["slow_query_log", "server_audit_logging", "server_audit_logs_upload"], p.name)])
    error_message = "Every character set must be utf8mb4, and slow statements and the audit trail must be logged."
  }

  assert {
    condition     = aws_kms_key.this.enable_key_rotation && aws_ssm_parameter.host.type == "SecureString" && alltrue([for group in aws_cloudwatch_log_group.this : group.retention_in_days == var.log_retention_days])
    error_message = "The key must be rotated, the host must be kept encrypted, and logs must not be kept for ever."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.this.cidr_ipv4 == null && aws_vpc_security_group_ingress_rule.this.from_port == aws_rds_cluster.this.port && aws_vpc_security_group_ingress_rule.this.to_port == aws_rds_cluster.this.port && aws_vpc_security_group_ingress_rule.this.ip_protocol == "tcp" && aws_vpc_security_group_egress_rule.client.cidr_ipv4 == null
    error_message = "Only the application may connect, and to the port of the database alone."
  }
}
