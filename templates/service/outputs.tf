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
  description = "ARN of the Service Connect namespace, null without one."
  value       = one(aws_service_discovery_http_namespace.this[*].arn)
}

output "container_name" {
  description = "Name of the container, for the pipeline and for ECS Exec."
  value       = "app"
}

output "security_group_id" {
  description = "Security group of the tasks. Who offers something to the tasks makes the rules for it, at both ends."
  value       = aws_security_group.this.id
}

output "log_group_name" {
  description = "Name of the log group."
  value       = aws_cloudwatch_log_group.this.name
}

output "task_role_arn" {
  description = "ARN of the role of the application."
  value       = aws_iam_role.task.arn
}

output "task_role_name" {
  description = "Name of the role of the application, to attach permissions to."
  value       = aws_iam_role.task.name
}

output "execution_role_arn" {
  description = "ARN of the role of the agent that starts the containers."
  value       = aws_iam_role.execution.arn
}

output "execution_role_name" {
  description = "Name of the role of the agent that starts the containers, to attach permissions to."
  value       = aws_iam_role.execution.name
}

output "task_definition_family" {
  description = "Family of the task definition."
  value       = aws_ecs_task_definition.this.family
}
