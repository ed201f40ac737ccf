output "arn" {
  description = "ARN of the web ACL."
  value       = aws_wafv2_web_acl.this.arn
}

output "name" {
  description = "Name of the web ACL, the value of the WebACL dimension of its CloudWatch metrics."
  value       = aws_wafv2_web_acl.this.name
}

output "log_group_name" {
  description = "Name of the log group."
  value       = aws_cloudwatch_log_group.this.name
}

# Metrics to monitor; statistics, thresholds and minutes are chosen by this module.
locals {
  alarms = {
    waf = {
      namespace = "AWS/WAFV2"
      dimensions = {
        WebACL = aws_wafv2_web_acl.this.name
        Rule   = "ALL"
        # bpgen:if var.scope == "REGIONAL"
        Region = data.aws_region.current.id # why: those of CloudFront have no such dimension
      }
      metrics = {
        BlockedRequests = { statistic = "Sum", is = "above", threshold = 500, minutes = 3 } # why: an attack, or a rule that blocks users
      }
    }
  }
}

output "alarms" {
  description = "Metrics to monitor, by subject, with the thresholds of their alarms."
  value       = local.alarms
}
