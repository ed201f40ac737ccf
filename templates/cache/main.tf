locals {
  port    = 6379 # notes: elasticache-redis.port the port of Redis, and of Valkey too
  version = var.engine == "redis" ? var.redis_version : var.valkey_version
  family  = "${var.engine}${split(".", local.version)[0]}"
}

resource "aws_elasticache_replication_group" "this" {
  # checkov:skip=CKV_AWS_31:the security group admits the application alone; a password would stand in the state
  # checkov:skip=CKV_AWS_191:a key of our own protects no better and costs
  # checkov:skip=CKV2_AWS_50:failover follows the number of replicas
  replication_group_id = "${var.name}-cache"
  description          = "Sessions and query results of ${var.name}" # notes: elasticache-redis.role what the cache is for
  engine               = var.engine
  engine_version       = local.version # notes: elasticache-redis.engine-version-not-6-x a full version, never upgraded by itself
  node_type            = var.size.node_type
  parameter_group_name = aws_elasticache_parameter_group.this.name # notes: elasticache-redis.custom-parameter-group-first the default group cannot be changed later

  num_cache_clusters         = var.size.replicas + 1 # notes: elasticache-redis.replica-count the primary counts as well
  multi_az_enabled           = var.size.replicas > 0
  automatic_failover_enabled = var.size.replicas > 0 # notes: elasticache-redis.multi-az-automatic-failover the replica takes over when a zone fails

  subnet_group_name  = aws_elasticache_subnet_group.this.name
  security_group_ids = [aws_security_group.this.id]
  port               = local.port

  at_rest_encryption_enabled = true
  transit_encryption_enabled = true

  auto_minor_version_upgrade = false
  apply_immediately          = false # notes: elasticache-redis.plan-downtime-for-upgrade changes wait for the maintenance window
  maintenance_window         = var.maintenance_window
  snapshot_retention_limit   = var.snapshot_retention_days # notes: elasticache-redis.backup-disabled a cache is not worth backing up
}

resource "aws_elasticache_parameter_group" "this" {
  name        = "${var.name}-cache-${local.family}"
  family      = local.family
  description = "Parameters of ${var.name}-cache"

  dynamic "parameter" {
    for_each = var.parameters

    content {
      name  = parameter.key
      value = parameter.value
    }
  }

  lifecycle {
    create_before_destroy = true # why: a new major version needs the new group first
  }
}

resource "aws_elasticache_subnet_group" "this" {
  name        = "${var.name}-cache"
  description = "Data store subnets of ${var.name}"
  subnet_ids  = var.subnet_ids
}

# The application reads the host from here, so that its task definition does not depend on the cache.
resource "aws_ssm_parameter" "host" {
  # checkov:skip=CKV_AWS_337:a host name is no secret
  name  = "/${var.name}/REDIS_HOST" # notes: ssm-parameter-store.name-format /<system>/<variable>
  type  = "SecureString"            # notes: ssm-parameter-store.type every parameter is encrypted
  value = aws_elasticache_replication_group.this.primary_endpoint_address
}

resource "aws_security_group" "this" {
  name        = "${var.name}-cache"
  description = "Cache of ${var.name}"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = var.client_security_group_id # notes: security-group.redis-source nobody but the application
  description                  = "Cache access from the application"
  ip_protocol                  = "tcp"
  from_port                    = local.port # notes: security-group.redis-tcp the port of Redis and no other
  to_port                      = local.port
}

resource "aws_vpc_security_group_egress_rule" "client" {
  security_group_id            = var.client_security_group_id
  referenced_security_group_id = aws_security_group.this.id
  description                  = "Access to the cache"
  ip_protocol                  = "tcp"
  from_port                    = local.port
  to_port                      = local.port
}
