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

# Metrics to monitor; statistics, thresholds and minutes are chosen by this module.
locals {
  alarms = {
    service = {
      namespace  = "AWS/NetworkELB"
      dimensions = { LoadBalancer = aws_lb.this.arn_suffix, TargetGroup = aws_lb_target_group.this.arn_suffix }
      metrics = {
        HealthyHostCount   = { statistic = "Minimum", is = "below", threshold = 1, minutes = 3 } # why: without any the service is down
        UnHealthyHostCount = { statistic = "Maximum", is = "above", threshold = 0, minutes = 3 } # why: one bad minute is usually a deployment
      }
    }
  }
}

output "alarms" {
  description = "Metrics to monitor, by subject, with the thresholds of their alarms."
  value       = local.alarms
}
