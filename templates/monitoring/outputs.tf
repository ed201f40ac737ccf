output "topic_arn" {
  description = "ARN of the topic that alarms are sent to."
  value       = aws_sns_topic.this.arn
}

output "edge_topic_arn" {
  description = "ARN of the topic in us-east-1 that alarms of CloudFront are sent to, null without it."
  value       = one(aws_sns_topic.edge[*].arn)
}
