output "alarms" {
  description = "Metrics to monitor, by subject, with the thresholds of their alarms."
  value = {
    log = {
      namespace  = var.name
      dimensions = {}
      metrics = {
        DetectedLogs = { statistic = "Sum", is = "above", threshold = 0, minutes = 1 } # why: every such line needs attention
      }
    }
  }
}
