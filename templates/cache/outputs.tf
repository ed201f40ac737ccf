output "primary_endpoint" {
  description = "Host of the primary, which follows a failover; in cluster mode the host of the whole cluster."
  value       = var.cluster_mode ? aws_elasticache_replication_group.this.configuration_endpoint_address : aws_elasticache_replication_group.this.primary_endpoint_address
}

output "reader_endpoint" {
  description = "Host that distributes reads across the replicas."
  value       = aws_elasticache_replication_group.this.reader_endpoint_address
}

output "replication_group_id" {
  description = "ID of the replication group."
  value       = aws_elasticache_replication_group.this.replication_group_id
}

output "port" {
  description = "Port of the cache."
  value       = aws_elasticache_replication_group.this.port
}

output "security_group_id" {
  description = "Security group of the cache."
  value       = aws_security_group.this.id
}

output "host_parameter_name" {
  description = "Name of the Parameter Store parameter that contains the host."
  value       = aws_ssm_parameter.host.name
}

output "client_rule_id" {
  description = "ID of the outbound rule from the clients to the cache, for dependencies."
  value       = aws_vpc_security_group_egress_rule.client.id
}

output "server_rule_id" {
  description = "ID of the inbound rule for the clients, for dependencies."
  value       = aws_vpc_security_group_ingress_rule.this.id
}

output "user_name" {
  description = "User that clients log in as with IAM; null if there is none."
  value       = one(aws_elasticache_user.client[*].user_name)
}

locals {
  # The nodes: values of the CacheClusterId dimension of their CloudWatch metrics.
  node_ids = var.cluster_mode ? flatten([
    for shard in range(var.shards) : [for i in range(var.size.replicas + 1) : format("%s-%04d-%03d", aws_elasticache_replication_group.this.replication_group_id, shard + 1, i + 1)]
  ]) : [for i in range(var.size.replicas + 1) : format("%s-%03d", aws_elasticache_replication_group.this.replication_group_id, i + 1)]

  # Metrics to monitor; statistics, thresholds and minutes are chosen by this module.
  alarms = { for node in local.node_ids : trimprefix(node, "${var.name}-") => {
    namespace  = "AWS/ElastiCache"
    dimensions = { CacheClusterId = node }
    metrics = {
      EngineCPUUtilization          = { statistic = "Average", is = "above", threshold = 80, minutes = 5 } # why: the engine uses one core, however many the node has
      DatabaseMemoryUsagePercentage = { statistic = "Maximum", is = "above", threshold = 80, minutes = 5 } # why: near 100 % it evicts keys
    }
  } }
}

output "alarms" {
  description = "Metrics to monitor, by subject, with the thresholds of their alarms."
  value       = local.alarms
}
