variable "name" {
  description = "Name of the dashboard."
  type        = string
  nullable    = false
}

# Not typed: an alarm on a metric has its own dimensions.
variable "alarms" {
  description = "The alarms by key: namespace, metric, dimensions, statistic and threshold."
  type        = any
  nullable    = false
}

variable "thresholds" {
  description = "Thresholds that override the module's own, by subject and metric, such as { \"database-DatabaseConnections\" = 800 }."
  type        = map(number)
  default     = {} # why: the module's own suit a small system; look at a few weeks of graphs first
  nullable    = false
}
