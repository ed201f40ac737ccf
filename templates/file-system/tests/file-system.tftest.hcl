mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                     = "example"
  vpc_id                   = "vpc-0123456789abcdef0"
  subnet_ids               = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  client_security_group_id = "sg-0123456789abcdef0"
  client_role_arn          = "arn:aws:iam::123456789012:role/example-task"
}

run "is_encrypted_and_for_the_application_alone" {
  command = apply

  assert {
    condition     = aws_efs_file_system.this.encrypted && aws_efs_backup_policy.this.backup_policy[0].status == "ENABLED"
    error_message = "Files must be encrypted and backed up."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.this.referenced_security_group_id == var.client_security_group_id && aws_vpc_security_group_ingress_rule.this.cidr_ipv4 == null && aws_vpc_security_group_ingress_rule.this.from_port == 2049 && aws_vpc_security_group_ingress_rule.this.to_port == 2049
    error_message = "Only the application may connect, and only to the NFS port."
  }

  assert {
    condition     = alltrue([for target in aws_efs_mount_target.this : target.security_groups == toset([aws_security_group.this.id])]) && aws_vpc_security_group_ingress_rule.this.ip_protocol == "tcp" && aws_vpc_security_group_ingress_rule.this.security_group_id == aws_security_group.this.id && aws_vpc_security_group_egress_rule.client.security_group_id == var.client_security_group_id
    error_message = "The mount targets must allow NFS from the application, and the application must be allowed to reach them."
  }

  assert {
    condition     = jsondecode(aws_efs_file_system_policy.this.policy).Statement[0].Principal.AWS == var.client_role_arn && jsondecode(aws_efs_file_system_policy.this.policy).Statement[0].Condition.StringEquals["elasticfilesystem:AccessPointArn"] == aws_efs_access_point.this.arn && jsondecode(aws_efs_file_system_policy.this.policy).Statement[1].Effect == "Deny"
    error_message = "Only the task role may mount the file system, through its access point and with TLS."
  }

  assert {
    condition     = toset(aws_efs_mount_target.this[*].subnet_id) == toset(var.subnet_ids) && alltrue([for target in aws_efs_mount_target.this : target.security_groups == toset([aws_security_group.this.id])])
    error_message = "There must be a mount target in each subnet of the tasks, in the file system's security group."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.this.security_group_id == aws_security_group.this.id && aws_vpc_security_group_ingress_rule.this.ip_protocol == "tcp"
    error_message = "NFS must reach the file system, over TCP."
  }
}

run "is_in_every_zone" {
  command = plan

  assert {
    condition     = length(aws_efs_mount_target.this) == length(var.subnet_ids) && alltrue([for i, target in aws_efs_mount_target.this : target.subnet_id == var.subnet_ids[i]])
    error_message = "A zone without a mount target would leave its tasks without files."
  }
}
