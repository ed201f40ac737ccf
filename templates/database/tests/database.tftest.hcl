mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                     = "example"
  engine                   = "aurora-mysql"
  vpc_id                   = "vpc-0123456789abcdef0"
  subnet_ids               = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  client_security_group_id = "sg-0123456789abcdef0"
}

run "database_is_protected" {
  command = plan

  assert {
    condition     = aws_rds_cluster.this.storage_encrypted && aws_rds_cluster.this.deletion_protection == var.deletion_protection && !aws_rds_cluster.this.skip_final_snapshot
    error_message = "The cluster must be encrypted, protected as chosen, and leave a snapshot when it is deleted."
  }

  assert {
    condition     = aws_rds_cluster.this.manage_master_user_password && aws_rds_cluster.this.master_password == null
    error_message = "The master password must be managed by Secrets Manager."
  }

  assert {
    condition     = toset(keys(aws_cloudwatch_log_group.this)) == aws_rds_cluster.this.enabled_cloudwatch_logs_exports
    error_message = "Every exported log must have a log group with a retention time."
  }

  assert {
    condition     = alltrue([for i in aws_rds_cluster_instance.this : !i.publicly_accessible]) && length(aws_rds_cluster_instance.this) == var.instance_count
    error_message = "There must be as many instances as chosen, none of them public."
  }
}

run "database_refuses_a_weekend_in_japan" {
  command = plan

  variables {
    maintenance_window = "fri:15:00-fri:16:00"
  }

  expect_failures = [var.maintenance_window]
}
