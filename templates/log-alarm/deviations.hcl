deviation "log-alarm-from-error" {
  notes    = ["cloudwatch-logs.filter-pattern-levels", "cloudwatch-logs.filter-pattern-level-colon"]
  rendered = "The log alarm fires for errors and worse, not for warnings."
  reason   = "A warning is something the application has handled; people who are paged for each one soon ignore all of them."
  restore  = "Put ?\"WARNING:\" ?\"Warning:\" in front of the terms of alarm_log_pattern."
}
