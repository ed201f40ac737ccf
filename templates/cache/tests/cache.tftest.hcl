mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                     = "example"
  engine                   = "redis"
  vpc_id                   = "vpc-0123456789abcdef0"
  subnet_ids               = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  client_security_group_id = "sg-0123456789abcdef0"
}

run "cache_is_protected" {
  command = plan

  assert {
    condition     = aws_elasticache_replication_group.this.at_rest_encryption_enabled && aws_elasticache_replication_group.this.transit_encryption_enabled && !aws_elasticache_replication_group.this.auto_minor_version_upgrade
    error_message = "The cache must be encrypted at rest and in transit, and keep its version."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.this.cidr_ipv4 == null && aws_vpc_security_group_ingress_rule.this.cidr_ipv6 == null
    error_message = "No range of addresses may reach the cache, only the security group of the application."
  }
}

run "cache_fails_over_only_with_a_replica" {
  command = plan

  variables {
    replica_count = 0
  }

  assert {
    condition     = aws_elasticache_replication_group.this.num_cache_clusters == 1 && !aws_elasticache_replication_group.this.automatic_failover_enabled && !aws_elasticache_replication_group.this.multi_az_enabled
    error_message = "A single node cannot fail over, and the provider refuses to say so."
  }
}
