# Holds what tasks share: a session started on one task is available on the others.
# notes elasticache-redis.session-store-for-redundant-apps, elasticache-redis.role: sessions and query results
resource "aws_elasticache_replication_group" "cache" {
  # checkov:skip=CKV_AWS_31:the security group allows only the application; a password would be stored in the state
  # checkov:skip=CKV_AWS_191:a customer-managed key protects no better and costs money
  # checkov:skip=CKV2_AWS_50:failover follows the number of replicas
  replication_group_id = "${var.name}-cache"
  description          = "Sessions and query results of ${var.name}"
  engine               = "redis"
  engine_version       = "7.1" # notes elasticache-redis.engine-version-not-6-x: no unpinned version such as 6.x
  node_type            = var.cache_size.node_type
  parameter_group_name = aws_elasticache_parameter_group.cache.name # notes elasticache-redis.parameter-group, elasticache-redis.custom-parameter-group-first: a custom one, created before the cache

  # notes elasticache-redis.cluster-mode, elasticache-redis.shards-by-cluster-mode: one shard without cluster mode, several with it
  cluster_mode               = "disabled"
  num_cache_clusters         = var.cache_size.replicas + 1 # why: the primary counts as well
  multi_az_enabled           = var.cache_size.replicas > 0 # notes elasticache-redis.multi-az: primary and replicas in different zones
  automatic_failover_enabled = var.cache_size.replicas > 0 # notes elasticache-redis.multi-az-automatic-failover: required for several zones

  subnet_group_name  = aws_elasticache_subnet_group.cache.name
  security_group_ids = [aws_security_group.cache.id]
  port               = 6379 # notes elasticache-redis.port: the port of Redis

  at_rest_encryption_enabled = true
  transit_encryption_enabled = true

  auto_minor_version_upgrade = false # notes elasticache-redis.engine-version-not-6-x: no automatic minor upgrades
  apply_immediately          = false # notes elasticache-redis.plan-downtime-for-upgrade: upgrades restart nodes, so they wait for the window
  maintenance_window         = var.maintenance_window
  snapshot_retention_limit   = var.cache_snapshot_retention_days
  snapshot_window            = var.cache_snapshot_retention_days > 0 ? "16:00-17:00" : null # why: at night

  log_delivery_configuration {
    log_type         = "engine-log"
    log_format       = "json"
    destination_type = "cloudwatch-logs"
    destination      = aws_cloudwatch_log_group.cache["engine-log"].name
  }

  log_delivery_configuration {
    log_type         = "slow-log"
    log_format       = "json"
    destination_type = "cloudwatch-logs"
    destination      = aws_cloudwatch_log_group.cache["slow-log"].name
  }
}

resource "aws_elasticache_parameter_group" "cache" {
  name        = "${var.name}-cache-redis7"
  family      = "redis7"
  description = "Parameters of ${var.name}-cache"

  dynamic "parameter" {
    for_each = var.cache_parameters

    content {
      name  = parameter.key
      value = parameter.value
    }
  }

  lifecycle {
    create_before_destroy = true # why: a new major version needs its group first
  }
}

resource "aws_elasticache_subnet_group" "cache" {
  name        = "${var.name}-cache"
  description = "Data store subnets of ${var.name}"
  subnet_ids  = aws_subnet.network_datastore[*].id
}

# trivy:ignore:AWS-0017 CloudWatch Logs encrypts by default; a customer-managed key would only cost money
resource "aws_cloudwatch_log_group" "cache" {
  # checkov:skip=CKV_AWS_158:CloudWatch Logs encrypts by default; a customer-managed key would only cost money
  for_each = toset(["engine-log", "slow-log"])

  name              = "/aws/elasticache/${var.name}-cache/${each.key}"
  retention_in_days = var.log_retention_days
}

# The application reads the host from here, and depends on it.
resource "aws_ssm_parameter" "cache_host" {
  # checkov:skip=CKV_AWS_337:a host name is not a secret
  name  = "/${var.name}/REDIS_HOST" # notes ssm-parameter-store.name-format: /<system>/<variable>
  type  = "SecureString"            # notes ssm-parameter-store.type: every parameter is encrypted
  value = aws_elasticache_replication_group.cache.primary_endpoint_address
}

resource "aws_security_group" "cache" {
  name        = "${var.name}-cache"
  description = "Cache of ${var.name}"
  vpc_id      = aws_vpc.network.id
}

resource "aws_vpc_security_group_ingress_rule" "cache" {
  security_group_id            = aws_security_group.cache.id
  referenced_security_group_id = aws_security_group.service.id # notes security-group.redis-source: the application's group
  description                  = "Cache access from the application"
  ip_protocol                  = "tcp"
  from_port                    = 6379 # notes security-group.redis-tcp: TCP 6379, from the application
  to_port                      = 6379
}

resource "aws_vpc_security_group_egress_rule" "cache_client" {
  security_group_id            = aws_security_group.service.id
  referenced_security_group_id = aws_security_group.cache.id
  description                  = "Access to the cache"
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
}

locals {
  # The nodes: values of the CacheClusterId dimension of their CloudWatch metrics.
  cache_node_ids = [for i in range(var.cache_size.replicas + 1) : format("%s-%03d", aws_elasticache_replication_group.cache.replication_group_id, i + 1)]

  # Metrics to monitor; statistics, thresholds and minutes are chosen by this module.
  cache_alarms = { for node in local.cache_node_ids : trimprefix(node, "${var.name}-") => {
    namespace  = "AWS/ElastiCache"
    dimensions = { CacheClusterId = node }
    metrics = {
      EngineCPUUtilization          = { statistic = "Average", is = "above", threshold = 80, minutes = 5 } # why: the engine uses one core, however many the node has
      DatabaseMemoryUsagePercentage = { statistic = "Maximum", is = "above", threshold = 80, minutes = 5 } # why: near 100 % it evicts keys
    }
  } }
}
