# One graph for each alarm, with its threshold.
resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name

  dashboard_body = jsonencode({
    widgets = [for key, alarm in var.alarms : {
      type   = "metric"
      width  = 8
      height = 6
      properties = {
        title       = key
        region      = data.aws_region.current.id
        period      = 60
        stat        = alarm.statistic
        metrics     = [concat([alarm.namespace, alarm.metric], flatten([for name, value in alarm.dimensions : [name, value]]))]
        annotations = { horizontal = [{ label = "Alarm", value = lookup(var.thresholds, key, alarm.threshold) }] }
      }
    }]
  })
}

data "aws_region" "current" {}
