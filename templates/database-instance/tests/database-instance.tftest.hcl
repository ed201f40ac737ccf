mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                     = "example"
  engine                   = "mysql"
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
    condition     = aws_db_instance.this.storage_encrypted && aws_db_instance.this.manage_master_user_password && aws_db_instance.this.iam_database_authentication_enabled && !aws_db_instance.this.publicly_accessible
    error_message = "The instance must be encrypted and private, and keep its password in Secrets Manager."
  }

  assert {
    condition     = aws_db_instance.this.deletion_protection == var.deletion_protection && aws_db_instance.this.skip_final_snapshot == var.disposable && aws_db_instance.this.delete_automated_backups == var.disposable && aws_db_instance.this.backup_retention_period >= 7 && !aws_db_instance.this.apply_immediately
    error_message = "The instance must be protected and backed up, leave a snapshot when it is deleted, and change in its maintenance window."
  }

  assert {
    condition     = aws_db_instance.this.multi_az == (var.size.instances > 1) && length(aws_db_instance.this.enabled_cloudwatch_logs_exports) == length(aws_cloudwatch_log_group.this)
    error_message = "The second instance must be a standby, and every exported log must have its group."
  }

  assert {
    condition     = join(",", [for p in aws_db_parameter_group.this.parameter : p.value if contains(["rds.force_ssl", "require_secure_transport"], p.name)]) == (var.engine == "mysql" ? "1" : "")
    error_message = "Connections without TLS must be refused, which PostgreSQL does by default from version 15 and MariaDB from 11.8; a parameter that repeats its default is a change in every plan."
  }

  assert {
    condition     = aws_ssm_parameter.host.type == "SecureString" && alltrue([for group in aws_cloudwatch_log_group.this : group.retention_in_days == var.log_retention_days]) && jsondecode(aws_iam_role.monitoring.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == data.aws_caller_identity.current.account_id
    error_message = "The host must be stored encrypted, logs must not be kept forever, and only databases of this account may assume the role."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.this.cidr_ipv4 == null && aws_vpc_security_group_ingress_rule.this.from_port == aws_db_instance.this.port && aws_vpc_security_group_ingress_rule.this.to_port == aws_db_instance.this.port && aws_vpc_security_group_ingress_rule.this.ip_protocol == "tcp" && aws_vpc_security_group_egress_rule.client.cidr_ipv4 == null
    error_message = "Only the application may connect, and only to the database port."
  }
}

run "leaves_its_data" {
  command = apply

  variables {
    kms_key_arn = "arn:aws:kms:xx-example-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
  }

  assert {
    condition     = aws_db_instance.this.kms_key_id == var.kms_key_arn && aws_db_instance.this.performance_insights_kms_key_id == var.kms_key_arn
    error_message = "The key must be the configured one or the AWS managed key: a key destroyed with the database would make its snapshots unreadable."
  }

  assert {
    condition     = endswith(aws_db_instance.this.final_snapshot_identifier, "-${substr(aws_security_group.this.id, 3, -1)}")
    error_message = "The final snapshot must have a name that is free each time the module is created."
  }

  # bpgen:if var.engine != "postgres"
  assert {
    condition     = aws_db_option_group.this[0].skip_destroy && contains(aws_db_parameter_group.this.parameter[*].name, "general_log") == var.log_statements
    error_message = "The option group must outlive the snapshots that name it, and every statement must be logged only where that is wanted."
  }
}
