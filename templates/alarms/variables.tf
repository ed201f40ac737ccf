variable "name" {
  description = "Name of the system, and prefix of the alarms."
  type        = string
  nullable    = false
}

variable "description" {
  description = "Description of the alarms, for their recipients."
  type        = string
  default     = null # why: the name of an alarm says what it is about
}

# Not typed: each subject has its own metrics.
variable "alarms" {
  description = "The alarms output of each component to monitor. Each maps a subject to its namespace, its dimensions and its metrics. A metric has the attributes statistic, is (above or below), threshold, minutes and, optionally, missing (breaching or notBreaching). The subject may be empty if name contains it."
  type        = any
  nullable    = false
}

variable "thresholds" {
  description = "Thresholds that override the module's own, by subject and metric, such as { \"database-DatabaseConnections\" = 800 }."
  type        = map(number)
  default     = {} # why: the module's own suit a small system; look at a few weeks of graphs first
  nullable    = false
}

variable "topic_arn" {
  description = "Topic that the alarms are sent to."
  type        = string
  nullable    = false
}

variable "deployment_keys" {
  description = "Keys (<subject>-<metric>) of the alarms that detect a bad version."
  type        = list(string)
  default     = [] # why: only a load balancer shows it
  nullable    = false
}

variable "subjects" {
  description = "What is monitored, such as alb or cluster, for the runbook; without it there is no runbook."
  type        = list(string)
  default     = [] # why: one runbook is enough for a system
  nullable    = false
}

variable "blue_green" {
  description = "True if tasks move between two target groups, for the runbook."
  type        = bool
  default     = false # why: a rolling update has one target group
  nullable    = false
}

variable "chatbot" {
  description = "True if alarms also go to a Slack channel, for the runbook."
  type        = bool
  default     = false # why: the workspace must be authorised by hand first
  nullable    = false
}
