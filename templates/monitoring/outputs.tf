output "topic_arn" {
  description = "ARN of the topic that alarms are sent to."
  value       = aws_sns_topic.this.arn
}

# Not HealthyHostCount: it is in alarm until the first deployment has finished.
output "deployment_alarm_names" {
  description = "Names of the alarms that detect a bad version: the load balancer or the application answers with errors."
  value       = [for key in ["alb-HTTPCode_ELB_5XX_Count", "alb-HTTPCode_Target_5XX_Count"] : aws_cloudwatch_metric_alarm.this[key].alarm_name]
}

output "edge_topic_arn" {
  description = "ARN of the topic in us-east-1 that alarms of CloudFront are sent to, null without it."
  value       = one(aws_sns_topic.edge[*].arn)
}
