output "cluster_name" {
  description = "Name of the ECS cluster."
  value       = aws_ecs_cluster.this.name
}

output "cluster_arn" {
  description = "ARN of the ECS cluster."
  value       = aws_ecs_cluster.this.arn
}

output "service_name" {
  description = "Name of the ECS service."
  value       = aws_ecs_service.this.name
}

output "service_arn" {
  description = "ARN of the ECS service."
  value       = aws_ecs_service.this.id
}

output "namespace_arn" {
  description = "ARN of the Service Connect namespace; null if there is none."
  value       = one(aws_service_discovery_http_namespace.this[*].arn)
}

output "container_name" {
  description = "Name of the container, for the pipeline and for ECS Exec."
  value       = "app"
}

output "log_group_name" {
  description = "Name of the log group."
  value       = aws_cloudwatch_log_group.this.name
}

output "task_definition_family" {
  description = "Family of the task definition."
  value       = aws_ecs_task_definition.this.family
}

# Metrics to monitor; statistics, thresholds and minutes are chosen by this module.
locals {
  alarms = {
    service = {
      namespace  = "AWS/ECS"
      dimensions = { ClusterName = aws_ecs_cluster.this.name, ServiceName = aws_ecs_service.this.name } # notes: cloudwatch-metrics.ecs-dimensions together they identify the service
      # notes: cloudwatch-metrics.ecs-cpu-utilization, cloudwatch-metrics.ecs-memory-utilization metrics to watch
      metrics = {
        CPUUtilization    = { statistic = "Average", is = "above", threshold = 80, minutes = 5 } # why: auto scaling has reached its limit
        MemoryUtilization = { statistic = "Average", is = "above", threshold = 90, minutes = 5 } # why: at 100 % tasks are killed
      }
    }

    # notes: cloudwatch-metrics.container-insights, cloudwatch-metrics.ecs-running-task-count a metric of Container Insights; it shows when deployments happened
    tasks = {
      namespace  = "ECS/ContainerInsights"
      dimensions = { ClusterName = aws_ecs_cluster.this.name, ServiceName = aws_ecs_service.this.name }
      metrics = {
        RunningTaskCount = { statistic = "Minimum", is = "below", threshold = 1, minutes = 3 } # why: without any the site is down
      }
    }
  }
}

output "alarms" {
  description = "Metrics to monitor, by subject, with the thresholds of their alarms."
  value       = local.alarms
}
