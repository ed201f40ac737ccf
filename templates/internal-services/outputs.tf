output "service_names" {
  description = "Names of the ECS services, by name in the variable services."
  value       = { for key, service in aws_ecs_service.this : key => service.name }
}

output "repository_urls" {
  description = "URLs of the ECR repositories by service."
  value       = { for key, repository in aws_ecr_repository.this : key => repository.repository_url }
}

output "security_group_id" {
  description = "Security group of the internal services."
  value       = aws_security_group.this.id
}

output "alarms" {
  description = "Metrics to monitor, by subject, with the thresholds of their alarms."
  value = { for key, service in aws_ecs_service.this : "internal-${key}" => {
    namespace  = "ECS/ContainerInsights"
    dimensions = { ClusterName = var.cluster_name, ServiceName = service.name }
    metrics = {
      RunningTaskCount = { statistic = "Minimum", is = "below", threshold = 1, minutes = 3 } # why: callers get no answer
    }
  } }
}
