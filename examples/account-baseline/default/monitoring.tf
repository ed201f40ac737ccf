locals {
  # An alarm fires when the given number of the last five minutes are bad.
  monitoring_watched = merge([for subject, on in merge([local.trail_alarms]...) : {
    for metric, limit in on.metrics : join("-", compact([subject, metric])) => merge(limit, { metric = metric, namespace = on.namespace, dimensions = on.dimensions })
  }]...)
}

resource "aws_cloudwatch_metric_alarm" "monitoring" {
  for_each = local.monitoring_watched

  alarm_name        = "${var.name}-${each.key}-alarm" # notes cloudwatch-alarm.name: system, subject, alarm
  alarm_description = "What it means and what to do: runbooks/trail-alarms.md"

  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  period              = 60
  evaluation_periods  = 5
  datapoints_to_alarm = each.value.minutes # why: a single bad minute is usually noise
  comparison_operator = each.value.is == "above" ? "GreaterThanThreshold" : "LessThanThreshold"
  threshold           = lookup(var.alarm_thresholds, each.key, each.value.threshold)
  treat_missing_data  = lookup(each.value, "missing", each.value.is == "above" ? "notBreaching" : "breaching") # notes cloudwatch-alarm.missing-data: no errors is normal, no tasks is not

  alarm_actions = [aws_sns_topic.monitoring.arn]
  ok_actions    = [aws_sns_topic.monitoring.arn]
}

# Where alarms go. Subscribe to it to be notified.
resource "aws_sns_topic" "monitoring" {
  name              = "${var.name}-alarms"
  kms_master_key_id = aws_kms_alias.monitoring.name
}

# For the topic: the policy of the AWS managed key for SNS does not allow CloudWatch.
resource "aws_kms_key" "monitoring" {
  description         = "Alarms of ${var.name}"
  enable_key_rotation = true
  policy              = local.monitoring_key_policy
}

resource "aws_kms_alias" "monitoring" {
  name          = "alias/${var.name}-alarms"
  target_key_id = aws_kms_key.monitoring.key_id
}

locals {
  # The account grants permissions through IAM; apart from that, only alarms of this system may publish.
  monitoring_key_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AccountByIAM"
        Effect    = "Allow"
        Principal = { AWS = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root" }
        Action    = "kms:*" # why: a key that its own account cannot manage is lost
        Resource  = "*"
      },
      {
        Sid       = "AlarmsPublish"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey*"] # why: required to publish to an encrypted topic
        Resource  = "*"
        Condition = {
          StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
          ArnLike      = { "aws:SourceArn" = "arn:${data.aws_partition.current.partition}:cloudwatch:*:${data.aws_caller_identity.current.account_id}:alarm:${var.name}-*" }
        }
      },
    ]
  })
}

resource "aws_sns_topic_subscription" "monitoring" {
  for_each = toset(var.alarm_emails)

  topic_arn = aws_sns_topic.monitoring.arn
  protocol  = "email"
  endpoint  = each.key
}
