output "trail_arn" {
  description = "ARN of the trail."
  value       = aws_cloudtrail.this.arn
}

output "log_group_name" {
  description = "Name of the log group; null if there is none."
  value       = one(aws_cloudwatch_log_group.this[*].name)
}

output "alarms" {
  description = "Metrics to monitor, by subject, with the thresholds of their alarms."
  value = {
    # bpgen:if var.alarms
    trail = {
      namespace  = var.name
      dimensions = {}
      metrics = {
        RootUser          = { statistic = "Sum", is = "above", threshold = 0, minutes = 1 }  # why: nobody needs the root user on an ordinary day
        ConsoleWithoutMFA = { statistic = "Sum", is = "above", threshold = 0, minutes = 1 }  # why: a password alone may be stolen
        TrailChanges      = { statistic = "Sum", is = "above", threshold = 0, minutes = 1 }  # why: an intruder covers the tracks first
        PolicyChanges     = { statistic = "Sum", is = "above", threshold = 0, minutes = 1 }  # why: this is how an intruder gains permissions; a deployment also changes policies, but at a known time
        KeyChanges        = { statistic = "Sum", is = "above", threshold = 0, minutes = 1 }  # why: without its key, data is lost
        RefusedCalls      = { statistic = "Sum", is = "above", threshold = 10, minutes = 1 } # why: some are refused every day, but not many at once
      }
    }
  }
}
