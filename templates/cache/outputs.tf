output "primary_endpoint" {
  description = "Host of the primary, which follows a failover; in cluster mode that of the whole cluster."
  value       = var.cluster_mode ? aws_elasticache_replication_group.this.configuration_endpoint_address : aws_elasticache_replication_group.this.primary_endpoint_address
}

output "reader_endpoint" {
  description = "Host that spreads reads over the replicas."
  value       = aws_elasticache_replication_group.this.reader_endpoint_address
}

output "replication_group_id" {
  description = "Id of the replication group."
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
  description = "Name of the Parameter Store parameter that holds the host."
  value       = aws_ssm_parameter.host.name
}

output "node_ids" {
  description = "Ids of the nodes, dimension CacheClusterId of their CloudWatch metrics."
  value = var.cluster_mode ? flatten([
    for shard in range(var.shards) : [for i in range(var.size.replicas + 1) : format("%s-%04d-%03d", aws_elasticache_replication_group.this.replication_group_id, shard + 1, i + 1)]
  ]) : [for i in range(var.size.replicas + 1) : format("%s-%03d", aws_elasticache_replication_group.this.replication_group_id, i + 1)]
}

output "client_rule_id" {
  description = "Id of the rule that lets the clients out to the cache, to wait for."
  value       = aws_vpc_security_group_egress_rule.client.id
}

output "server_rule_id" {
  description = "Id of the rule that lets the clients in, to wait for."
  value       = aws_vpc_security_group_ingress_rule.this.id
}

output "user_name" {
  description = "User as which clients log in with IAM, null without it."
  value       = one(aws_elasticache_user.client[*].user_name)
}
