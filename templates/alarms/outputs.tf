output "watched" {
  description = "The alarms by key (<subject>-<metric>), for a dashboard."
  value       = local.watched
}

# Not HealthyHostCount: it is in alarm until the first deployment has finished.
output "deployment_alarm_names" {
  description = "Names of the alarms that detect a bad version: the load balancer or the application answers with errors."
  value       = [for key in var.deployment_keys : aws_cloudwatch_metric_alarm.this[key].alarm_name]
}
