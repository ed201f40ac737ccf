output "url" {
  description = "Address of the application."
  value       = "https://${aws_route53_record.dns["A"].fqdn}"
}

output "log_bucket" {
  description = "Name of the bucket for access logs."
  value       = aws_s3_bucket_policy.logs.bucket
}

output "vpc_id" {
  description = "ID of the VPC."
  value       = aws_vpc.network.id
}

output "load_balancer" {
  description = "The load balancer, for modules that add targets, or something in front of it."
  value = {
    arn               = aws_lb.load_balancer.arn
    dns_name          = aws_lb.load_balancer.dns_name
    zone_id           = aws_lb.load_balancer.zone_id
    security_group_id = aws_security_group.load_balancer.id
    listener_arn      = aws_lb_listener.load_balancer_https.arn
  }
}

output "alarm_topic_arn" {
  description = "SNS topic that alarms are sent to, for subscriptions."
  value       = aws_sns_topic.monitoring.arn
}

output "network" {
  description = "The network, for other modules that are deployed into it."
  value       = local.network_network
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
