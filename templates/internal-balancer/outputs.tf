output "arn" {
  description = "ARN of the load balancer."
  value       = aws_lb.this.arn
}

output "dns_name" {
  description = "Name of the load balancer inside the VPC."
  value       = aws_lb.this.dns_name
}

output "target_group_arn" {
  description = "ARN of the target group, for ECS or whatever else registers targets."
  value       = aws_lb_target_group.this.arn
}

output "security_group_id" {
  description = "Security group of the load balancer, which the targets must allow."
  value       = aws_security_group.this.id
}
