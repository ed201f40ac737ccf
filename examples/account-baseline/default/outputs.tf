output "trail_arn" {
  description = "ARN of the trail."
  value       = aws_cloudtrail.trail.arn
}

output "trail_bucket" {
  description = "Bucket that contains the recorded events."
  value       = aws_s3_bucket_policy.trail_bucket.bucket
}

output "trail_key_arn" {
  description = "Key of the trail; reading it needs kms:Decrypt."
  value       = aws_kms_key.trail_bucket.arn
}

output "trail_log_group" {
  description = "Log group of the trail."
  value       = aws_cloudwatch_log_group.trail.name
}

output "delivery_role_arns" {
  description = "ARNs of the delivery roles, by name."
  value       = local.delivery_role_arns
}

output "alarm_topic_arn" {
  description = "SNS topic that alarms are sent to, for subscriptions."
  value       = aws_sns_topic.monitoring.arn
}
