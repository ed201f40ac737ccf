mock_provider "aws" {}

variables {
  name                     = "example"
  engine                   = "redis"
  vpc_id                   = "vpc-0123456789abcdef0"
  subnet_ids               = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  client_security_group_id = "sg-0123456789abcdef0"
}

run "is_protected" {
  command = plan

  assert {
    condition     = aws_elasticache_replication_group.this.at_rest_encryption_enabled && aws_elasticache_replication_group.this.transit_encryption_enabled && aws_vpc_security_group_ingress_rule.this.cidr_ipv4 == null
    error_message = "The cache must be encrypted at rest and in transit, and only the application may connect."
  }

  assert {
    condition     = aws_elasticache_replication_group.this.automatic_failover_enabled == (var.size.replicas > 0)
    error_message = "With a replica the cache must fail over to it."
  }
}
