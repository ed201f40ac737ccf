# From the log to the alarm: log group, filter, metric, alarm.
resource "aws_cloudwatch_log_metric_filter" "this" {
  name           = "${var.name}-detected-logs"
  log_group_name = var.log_group_name
  pattern        = var.log_pattern

  metric_transformation {
    namespace = var.name
    name      = "DetectedLogs"
    value     = "1" # notes: cloudwatch-alarm.log-metric-value each match counts as one
    unit      = "Count"
  }
}

resource "aws_cloudwatch_query_definition" "this" {
  name            = "${var.name}/detected-logs"
  log_group_names = [var.log_group_name]

  # notes: cloudwatch-logs.insights-query the newest 100 warnings and errors, in any case
  query_string = <<-EOT
    fields @timestamp, @message, @logStream
    | filter @message like /(?i)(warning|error|critical|emergency|alert)/
    | sort @timestamp desc
    | limit 100
  EOT
}
