mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                     = "example"
  engine                   = "redis"
  vpc_id                   = "vpc-0123456789abcdef0"
  subnet_ids               = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  client_security_group_id = "sg-0123456789abcdef0"
  maintenance_window       = "tue:03:00-tue:04:00"
  snapshot_window          = "01:00-02:00"
}

run "is_protected" {
  command = apply

  assert {
    condition     = aws_elasticache_replication_group.this.at_rest_encryption_enabled && aws_elasticache_replication_group.this.transit_encryption_enabled && aws_vpc_security_group_ingress_rule.this.cidr_ipv4 == null && aws_vpc_security_group_egress_rule.client.cidr_ipv4 == null
    error_message = "The cache must be encrypted at rest and in transit, and only the application may connect."
  }

  assert {
    condition     = aws_elasticache_replication_group.this.multi_az_enabled == (var.size.replicas > 0) && aws_elasticache_replication_group.this.automatic_failover_enabled == (var.cluster_mode || var.size.replicas > 0)
    error_message = "With a replica the cache must be in several zones and fail over."
  }

  assert {
    condition     = aws_elasticache_replication_group.this.auto_minor_version_upgrade == "false" && can(regex("^[0-9]+\\.[0-9]+$", aws_elasticache_replication_group.this.engine_version)) && !aws_elasticache_replication_group.this.apply_immediately && aws_elasticache_replication_group.this.maintenance_window == var.maintenance_window
    error_message = "The version must be pinned, and changes must wait for the maintenance window."
  }

  assert {
    condition     = aws_ssm_parameter.host.type == "SecureString" && length(aws_elasticache_replication_group.this.log_delivery_configuration) == length(aws_cloudwatch_log_group.this)
    error_message = "The host must be stored encrypted, and every log must have its group."
  }

  # bpgen:if var.iam_authentication
  assert {
    condition     = aws_elasticache_user.client[0].authentication_mode[0].type == "iam" && length(aws_elasticache_user_group.this[0].user_ids) > 0
    error_message = "The application must log in with its role."
  }

  assert {
    condition     = aws_elasticache_replication_group.this.engine == var.engine && aws_elasticache_replication_group.this.port == 6379 && aws_elasticache_replication_group.this.snapshot_retention_limit == var.snapshot_retention_days
    error_message = "Engine, port and backups must be as chosen."
  }

  # bpgen:if !var.cluster_mode
  assert {
    condition     = aws_elasticache_replication_group.this.num_cache_clusters == var.size.replicas + 1
    error_message = "There must be as many replicas as chosen, in addition to the primary."
  }

  assert {
    condition     = alltrue([for rule in [aws_vpc_security_group_ingress_rule.this, aws_vpc_security_group_egress_rule.client] : rule.ip_protocol == "tcp" && rule.from_port == aws_elasticache_replication_group.this.port && rule.to_port == aws_elasticache_replication_group.this.port])
    error_message = "Only the port of the cache may be open."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.this.referenced_security_group_id == var.client_security_group_id && aws_elasticache_replication_group.this.security_group_ids == toset([aws_security_group.this.id]) && toset(aws_elasticache_subnet_group.this.subnet_ids) == toset(var.subnet_ids)
    error_message = "Only the application may reach the cache, which must be in the data store subnets."
  }
}
