output "instance_id" {
  description = "ID of the instance, the target of a tunnel."
  value       = aws_instance.this.id
}

output "security_group_id" {
  description = "Security group of the instance."
  value       = aws_security_group.this.id
}

output "connect_policy_arn" {
  description = "Policy for people who open a tunnel."
  value       = aws_iam_policy.connect.arn
}

output "alarms" {
  description = "Metrics to monitor, by subject, with the thresholds of their alarms."
  value = {
    # notes: cloudwatch-metrics.ec2-status-check-failed-instance, cloudwatch-metrics.ec2-status-check-failed-system metrics to watch
    "" = {
      namespace  = "AWS/EC2"
      dimensions = { InstanceId = aws_instance.this.id }
      metrics = {
        StatusCheckFailed_Instance = { statistic = "Maximum", is = "above", threshold = 0, minutes = 3, missing = "breaching" } # why: one failed check is usually noise; a stopped instance reports nothing
        StatusCheckFailed_System   = { statistic = "Maximum", is = "above", threshold = 0, minutes = 3, missing = "breaching" } # why: as above
      }
    }
  }
}
