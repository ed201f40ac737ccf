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

run "is_protected" {
  command = plan

  assert {
    condition     = aws_rds_cluster.this.storage_encrypted && aws_rds_cluster.this.manage_master_user_password && !aws_rds_cluster.this.skip_final_snapshot
    error_message = "The cluster must be encrypted, keep its password in Secrets Manager and leave a snapshot when it is deleted."
  }

  assert {
    condition     = length(aws_rds_cluster_instance.this) == var.size.instances && !anytrue(aws_rds_cluster_instance.this[*].publicly_accessible) && aws_vpc_security_group_ingress_rule.this.cidr_ipv4 == null
    error_message = "There must be as many instances as chosen, none of them public, and only the application may connect."
  }
}
