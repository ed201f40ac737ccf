output "url" {
  description = "Address of the application."
  value       = "https://${aws_route53_record.dns["A"].fqdn}"
}

output "log_bucket" {
  description = "Name of the bucket of access logs."
  value       = aws_s3_bucket_policy.logs.bucket
}

output "vpc_id" {
  description = "ID of the VPC."
  value       = aws_vpc.network.id
}

output "alarm_topic_arn" {
  description = "SNS topic that alarms are sent to, for subscriptions."
  value       = aws_sns_topic.monitoring.arn
}

output "repository_url" {
  description = "URL of the ECR repository to push images to."
  value       = aws_ecr_repository.registry.repository_url
}

output "cluster_name" {
  description = "Name of the ECS cluster."
  value       = aws_ecs_cluster.service.name
}

output "service_name" {
  description = "Name of the ECS service."
  value       = aws_ecs_service.service.name
}

output "task_role_name" {
  description = "Name of the application's role, to attach permissions to."
  value       = aws_iam_role.service_task.name
}
