locals {
  port    = 6379
  version = var.engine == "redis" ? var.redis_version : var.valkey_version
  family  = "${var.engine}${split(".", local.version)[0]}"
}

# Holds what tasks share: a session started on one task is available on the others.
# notes: elasticache-redis.session-store-for-redundant-apps, elasticache-redis.role sessions and query results
resource "aws_elasticache_replication_group" "this" {
  # checkov:skip=CKV_AWS_31:the security group allows only the application; a password would be stored in the state
  # checkov:skip=CKV_AWS_191:a customer-managed key protects no better and costs money
  # checkov:skip=CKV2_AWS_50:failover follows the number of replicas
  replication_group_id = "${var.name}-cache"
  description          = "Sessions and query results of ${var.name}"
  engine               = var.engine
  engine_version       = local.version # notes: elasticache-redis.engine-version-not-6-x no unpinned version such as 6.x
  node_type            = var.size.node_type
  parameter_group_name = aws_elasticache_parameter_group.this.name # notes: elasticache-redis.parameter-group, elasticache-redis.custom-parameter-group-first a custom one, created before the cache

  # notes: elasticache-redis.cluster-mode, elasticache-redis.shards-by-cluster-mode one shard without cluster mode, several with it
  cluster_mode               = var.cluster_mode ? "enabled" : "disabled"
  num_node_groups            = var.cluster_mode ? var.shards : null
  replicas_per_node_group    = var.cluster_mode ? var.size.replicas : null     # why: of each shard, without the primary
  num_cache_clusters         = var.cluster_mode ? null : var.size.replicas + 1 # why: the primary counts as well
  multi_az_enabled           = var.size.replicas > 0                           # notes: elasticache-redis.multi-az primary and replicas in different zones
  automatic_failover_enabled = var.cluster_mode || var.size.replicas > 0       # notes: elasticache-redis.multi-az-automatic-failover required for several zones

  subnet_group_name  = aws_elasticache_subnet_group.this.name
  security_group_ids = [aws_security_group.this.id]
  port               = local.port # notes: elasticache-redis.port the port of Redis

  at_rest_encryption_enabled = true
  transit_encryption_enabled = true
  user_group_ids             = var.iam_authentication ? [aws_elasticache_user_group.this[0].user_group_id] : null

  auto_minor_version_upgrade = false # notes: elasticache-redis.engine-version-not-6-x no automatic minor upgrades
  apply_immediately          = false # notes: elasticache-redis.plan-downtime-for-upgrade upgrades restart nodes, so they wait for the window
  maintenance_window         = var.maintenance_window
  snapshot_retention_limit   = var.snapshot_retention_days
  snapshot_window            = var.snapshot_retention_days > 0 ? var.snapshot_window : null # why: at night
  # bpgen:if var.import
  snapshot_name = var.snapshot_name # why: the cache's initial contents

  dynamic "log_delivery_configuration" {
    for_each = toset(["engine-log", "slow-log"])

    content {
      log_type         = log_delivery_configuration.key
      log_format       = "json"
      destination_type = "cloudwatch-logs"
      destination      = aws_cloudwatch_log_group.this[log_delivery_configuration.key].name
    }
  }

  # bpgen:if var.import
  lifecycle {
    ignore_changes = [snapshot_name] # why: a new name would create a new, empty cache
  }
}

resource "aws_elasticache_parameter_group" "this" {
  name        = "${var.name}-cache-${local.family}${var.cluster_mode ? "-cluster" : ""}"
  family      = local.family
  description = "Parameters of ${var.name}-cache"

  dynamic "parameter" {
    for_each = var.cluster_mode ? merge(var.parameters, { cluster-enabled = "yes" }) : var.parameters

    content {
      name  = parameter.key
      value = parameter.value
    }
  }

  lifecycle {
    create_before_destroy = true # why: a new major version needs its group first
  }
}

resource "aws_elasticache_subnet_group" "this" {
  name        = "${var.name}-cache"
  description = "Data store subnets of ${var.name}"
  subnet_ids  = var.subnet_ids
}

# trivy:ignore:AWS-0017 CloudWatch Logs encrypts by default; a customer-managed key would only cost money
resource "aws_cloudwatch_log_group" "this" {
  # checkov:skip=CKV_AWS_158:CloudWatch Logs encrypts by default; a customer-managed key would only cost money
  for_each = toset(["engine-log", "slow-log"])

  name              = "/aws/elasticache/${var.name}-cache/${each.key}"
  retention_in_days = var.log_retention_days
}

# The application logs in with its task role; there is no password.
resource "aws_elasticache_user" "client" {
  count = var.iam_authentication ? 1 : 0

  user_id       = "${var.name}-app"
  user_name     = "${var.name}-app" # why: with IAM both must be the same
  engine        = var.engine
  access_string = "on ~* &* +@all -@admin -@dangerous +info" # why: all data, but no command that blocks or empties the cache

  authentication_mode {
    type = "iam"
  }
}

# Redis requires a user with this name in every group; this one has no permissions.
resource "aws_elasticache_user" "default" {
  count = var.iam_authentication && var.engine == "redis" ? 1 : 0

  user_id       = "${var.name}-default"
  user_name     = "default"
  engine        = "redis"
  access_string = "off -@all"

  authentication_mode {
    type = "no-password-required"
  }
}

resource "aws_elasticache_user_group" "this" {
  count = var.iam_authentication ? 1 : 0

  user_group_id = "${var.name}-cache"
  engine        = var.engine
  user_ids      = concat(aws_elasticache_user.client[*].user_id, aws_elasticache_user.default[*].user_id)
}

resource "aws_iam_role_policy" "client" {
  count = var.iam_authentication ? 1 : 0

  name = "connect-to-cache"
  role = var.client_role_name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "elasticache:Connect"
      Resource = concat([aws_elasticache_replication_group.this.arn], aws_elasticache_user.client[*].arn)
    }]
  })
}

# The application reads the host from here, and depends on it.
resource "aws_ssm_parameter" "host" {
  # checkov:skip=CKV_AWS_337:a host name is not a secret
  name  = "/${var.name}/REDIS_HOST" # notes: ssm-parameter-store.name-format /<system>/<variable>
  type  = "SecureString"            # notes: ssm-parameter-store.type every parameter is encrypted
  value = var.cluster_mode ? aws_elasticache_replication_group.this.configuration_endpoint_address : aws_elasticache_replication_group.this.primary_endpoint_address
}

resource "aws_security_group" "this" {
  name        = "${var.name}-cache"
  description = "Cache of ${var.name}"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "this" {
  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = var.client_security_group_id # notes: security-group.redis-source the application's group
  description                  = "Cache access from the application"
  ip_protocol                  = "tcp"
  from_port                    = local.port # notes: security-group.redis-tcp TCP 6379, from the application
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
