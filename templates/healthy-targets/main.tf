# Blue/green: tasks are in one target group or the other.
resource "aws_cloudwatch_metric_alarm" "healthy_hosts" {
  alarm_name        = "${var.name}-targets-HealthyHostCount-alarm" # notes: cloudwatch-alarm.name system, subject, alarm
  alarm_description = var.description

  evaluation_periods  = 5
  datapoints_to_alarm = 3
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  treat_missing_data  = "breaching" # notes: cloudwatch-alarm.missing-data no tasks is a failure

  metric_query {
    id          = "healthy"
    expression  = "FILL(blue, 0) + FILL(green, 0)"
    label       = "Healthy targets"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { blue = var.target_group_arn_suffix, green = var.green_target_group_arn_suffix }

    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/ApplicationELB"
        metric_name = "HealthyHostCount" # notes: cloudwatch-metrics.alb-healthy-host-count a metric to watch
        dimensions  = { LoadBalancer = var.load_balancer_arn_suffix, TargetGroup = metric_query.value }
        stat        = "Minimum"
        period      = 60
      }
    }
  }

  alarm_actions = [var.topic_arn]
  ok_actions    = [var.topic_arn]
}
