variable "name" {
  description = "Name of the system, and namespace of its log metrics."
  type        = string
  nullable    = false
}

variable "log_group_name" {
  description = "Log group of the application."
  type        = string
}

variable "log_pattern" {
  description = "CloudWatch Logs filter pattern for the lines of the application's log that trigger an alarm."
  type        = string
  # why: without warnings, which should wake nobody
  # notes: cloudwatch-logs.filter-pattern-level-colon, cloudwatch-logs.filter-pattern-levels, cloudwatch-logs.filter-pattern-case upper case and capitalised: patterns are case-sensitive
  # notes: cloudwatch-logs.filter-pattern-colon the colon excludes names of files and methods
  default  = "?\"ERROR:\" ?\"Error:\" ?\"CRITICAL:\" ?\"Critical:\" ?\"EMERGENCY:\" ?\"Emergency:\" ?\"ALERT:\" ?\"Alert:\""
  nullable = false

  validation {
    condition     = !alltrue([for sign in ["[?]", "-"] : can(regex("(^|\\s)${sign}", replace(var.log_pattern, "/\"[^\"]*\"/", "")))]) # notes: cloudwatch-logs.no-or-with-exclude the alternatives would be ignored
    error_message = "A pattern can have alternatives (?term) or exclusions (-term), not both: CloudWatch ignores the alternatives and counts every line that is not excluded."
  }
}
