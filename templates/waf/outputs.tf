output "arn" {
  description = "ARN of the web ACL."
  value       = aws_wafv2_web_acl.this.arn
}

output "name" {
  description = "Name of the web ACL, dimension WebACL of its CloudWatch metrics."
  value       = aws_wafv2_web_acl.this.name
}

output "log_group_name" {
  description = "Name of the log group."
  value       = aws_cloudwatch_log_group.this.name
}

output "alarms" {
  description = "What to monitor, by subject: its metrics, with the limits of their alarms."
  value = {
    # CloudFront's web ACLs have no dimension Region.
    waf = {
      namespace  = "AWS/WAFV2"
      dimensions = var.scope == "CLOUDFRONT" ? { WebACL = aws_wafv2_web_acl.this.name, Rule = "ALL" } : { WebACL = aws_wafv2_web_acl.this.name, Rule = "ALL", Region = data.aws_region.current.id }
      metrics = {
        BlockedRequests = { statistic = "Sum", is = "above", threshold = 500, minutes = 3 } # why: an attack, or a rule that blocks users
      }
    }
  }
}
