locals {
  # An alarm fires when the given number of the last five minutes are bad.
  watched = merge([for subject, on in merge(var.alarms...) : {
    for metric, limit in on.metrics : join("-", compact([subject, metric])) => merge(limit, { metric = metric, namespace = on.namespace, dimensions = on.dimensions })
  }]...)
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.watched

  alarm_name        = "${var.name}-${each.key}-alarm" # notes: cloudwatch-alarm.name system, subject, alarm
  alarm_description = var.description

  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  period              = 60
  evaluation_periods  = 5
  datapoints_to_alarm = each.value.minutes # why: a single bad minute is usually noise
  comparison_operator = each.value.is == "above" ? "GreaterThanThreshold" : "LessThanThreshold"
  threshold           = lookup(var.thresholds, each.key, each.value.threshold)
  treat_missing_data  = lookup(each.value, "missing", each.value.is == "above" ? "notBreaching" : "breaching") # notes: cloudwatch-alarm.missing-data no errors is normal, no tasks is not

  alarm_actions = [var.topic_arn]
  ok_actions    = [var.topic_arn]
}
