# Metrics to monitor; statistics, thresholds and minutes are chosen by this module.
locals {
  alarms = {
    log = {
      namespace  = var.name
      dimensions = {}
      metrics = {
        DetectedLogs = { statistic = "Sum", is = "above", threshold = 0, minutes = 1 } # why: every such line needs attention
      }
    }
  }
}

output "alarms" {
  description = "Metrics to monitor, by subject, with the thresholds of their alarms."
  value       = local.alarms
}
