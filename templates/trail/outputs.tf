output "trail_arn" {
  description = "ARN of the trail."
  value       = aws_cloudtrail.this.arn
}

output "key_arn" {
  description = "ARN of the key that encrypts the files and the log, for those who read them."
  value       = aws_kms_key.this.arn
}

output "log_group_name" {
  description = "Name of the log group, null without one."
  value       = one(aws_cloudwatch_log_group.this[*].name)
}

output "alarms" {
  description = "What to watch, by metric."
  value = {
    for metric in keys(local.patterns) : metric => {
      namespace  = var.name
      metric     = metric
      dimensions = {}
      statistic  = "Sum"
      is         = "above"
      threshold  = metric == "RefusedCalls" ? 10 : 0 # why: some calls are refused every day; of the rest each one counts
      minutes    = 1
    }
  }
}
