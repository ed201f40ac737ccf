output "arn" {
  description = "ARN of the load balancer."
  value       = aws_lb.this.arn
}

output "arn_suffix" {
  description = "Value of the LoadBalancer dimension of its CloudWatch metrics."
  value       = aws_lb.this.arn_suffix
}

output "dns_name" {
  description = "DNS name of the load balancer."
  value       = aws_lb.this.dns_name
}

output "zone_id" {
  description = "Hosted zone of its DNS name, for alias records."
  value       = aws_lb.this.zone_id
}

output "security_group_id" {
  description = "Security group of the load balancer. Its rules towards the targets are created with the targets."
  value       = aws_security_group.this.id
}

# Through the listener: ECS refuses a target group that no listener uses yet.
output "target_group_arn" {
  description = "ARN of the target group (blue)."
  value       = var.cloudfront_only ? (var.deployment == "blue-green" ? aws_lb_target_group.this.arn : aws_lb_listener_rule.cloudfront[0].action[0].target_group_arn) : aws_lb_listener.https.default_action[0].target_group_arn
}

output "target_group_arn_suffix" {
  description = "Value of the TargetGroup dimension of its CloudWatch metrics."
  value       = aws_lb_target_group.this.arn_suffix
}

output "target_group_name" {
  description = "Name of the target group (blue)."
  value       = aws_lb_target_group.this.name
}

output "green_target_group_arn" {
  description = "ARN of the second target group, null without blue/green."
  value       = one(aws_lb_target_group.green[*].arn)
}

output "green_target_group_arn_suffix" {
  description = "Value of the TargetGroup dimension of the second target group, null without blue/green."
  value       = one(aws_lb_target_group.green[*].arn_suffix)
}

output "green_target_group_name" {
  description = "Name of the second target group, null without blue/green."
  value       = one(aws_lb_target_group.green[*].name)
}

output "listener_arn" {
  description = "ARN of the HTTPS listener."
  value       = aws_lb_listener.https.arn
}

output "test_listener_arn" {
  description = "ARN of the test listener, null without blue/green."
  value       = one(aws_lb_listener.test[*].arn)
}

output "production_listener_rule_arn" {
  description = "ARN of the rule that ECS moves from blue to green, null without blue/green."
  value       = one(aws_lb_listener_rule.production[*].arn)
}

output "test_listener_rule_arn" {
  description = "ARN of the rule of the test listener, null without blue/green."
  value       = one(aws_lb_listener_rule.test[*].arn)
}

output "test_address" {
  description = "Host and port of the test listener, null without blue/green."
  value       = var.deployment == "rolling" ? null : "${aws_lb.this.dns_name}:${var.test_port}"
}

# Metrics to monitor; statistics, thresholds and minutes are chosen by this module.
locals {
  alarms = {
    # bpgen:if var.deployment == "rolling"
    targets = {
      namespace  = "AWS/ApplicationELB"
      dimensions = { LoadBalancer = aws_lb.this.arn_suffix, TargetGroup = aws_lb_target_group.this.arn_suffix }
      # notes: cloudwatch-metrics.alb-healthy-host-count a metric to watch
      metrics = {
        HealthyHostCount = { statistic = "Minimum", is = "below", threshold = 1, minutes = 3 } # why: without any the site is down
      }
    }

    alb = {
      namespace  = "AWS/ApplicationELB"
      dimensions = { LoadBalancer = aws_lb.this.arn_suffix }
      # notes: cloudwatch-metrics.alb-elb-4xx, cloudwatch-metrics.alb-elb-5xx metrics to watch
      # notes: cloudwatch-metrics.alb-target-4xx, cloudwatch-metrics.alb-target-5xx metrics to watch
      # notes: cloudwatch-metrics.alb-rejected-connection-count, cloudwatch-metrics.alb-target-connection-error-count, cloudwatch-metrics.alb-target-tls-negotiation-error-count metrics to watch
      metrics = {
        HTTPCode_ELB_4XX_Count         = { statistic = "Sum", is = "above", threshold = 100, minutes = 3 } # why: requests that reach no task
        HTTPCode_ELB_5XX_Count         = { statistic = "Sum", is = "above", threshold = 10, minutes = 3 }  # why: no task answers in time
        HTTPCode_Target_4XX_Count      = { statistic = "Sum", is = "above", threshold = 100, minutes = 3 } # why: the application refuses requests
        HTTPCode_Target_5XX_Count      = { statistic = "Sum", is = "above", threshold = 10, minutes = 3 }  # why: the application fails
        RejectedConnectionCount        = { statistic = "Sum", is = "above", threshold = 0, minutes = 3 }   # why: the load balancer is full
        TargetConnectionErrorCount     = { statistic = "Sum", is = "above", threshold = 10, minutes = 3 }  # why: tasks refuse connections
        TargetTLSNegotiationErrorCount = { statistic = "Sum", is = "above", threshold = 10, minutes = 3 }  # why: silent while tasks use HTTP
      }
    }
  }
}

output "alarms" {
  description = "Metrics to monitor, by subject, with the thresholds of their alarms."
  value       = local.alarms
}
