mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                          = "example"
  description                   = "No target is healthy."
  topic_arn                     = "arn:aws:sns:xx-example-1:123456789012:example-alarms"
  load_balancer_arn_suffix      = "app/example/0123456789abcdef"
  target_group_arn_suffix       = "targetgroup/example/0123456789abcdef"
  green_target_group_arn_suffix = "targetgroup/green/0123456789abcdef"
}

run "counts_both_groups" {
  command = apply

  assert {
    condition     = aws_cloudwatch_metric_alarm.healthy_hosts.threshold >= 1 && aws_cloudwatch_metric_alarm.healthy_hosts.treat_missing_data == "breaching" && aws_cloudwatch_metric_alarm.healthy_hosts.alarm_name == "${var.name}-targets-HealthyHostCount-alarm"
    error_message = "A system without a healthy task must trigger an alarm, which deployments refer to by name."
  }

  assert {
    condition     = toset(flatten([for query in aws_cloudwatch_metric_alarm.healthy_hosts.metric_query : [for metric in query.metric : metric.dimensions.TargetGroup]])) == toset([var.target_group_arn_suffix, var.green_target_group_arn_suffix])
    error_message = "Targets of both groups must count."
  }
}
