part "operations" {
  summary = "Alarms, their dashboard, and where they are sent."

  # The blueprint declares the variable name.

  parameter "alarms" {
    description = "The alarms output of each component to monitor."
  }

  parameter "edge_alarms" {
    description = "The same for CloudFront and its WAF, which report in us-east-1."
    default     = []
  }

  parameter "edge" {
    description = "Whether there are any for CloudFront or its WAF."
    default     = false
  }

  parameter "log_group_name" {
    description = "Log group of the application."
  }

  parameter "subjects" {
    description = "What is monitored, such as alb and cluster: the runbook explains it."
  }

  parameter "deployment_keys" {
    description = "Keys of the alarms that detect a bad version."
    default     = []
  }

  parameter "blue_green" {
    description = "Whether the application moves between two target groups."
    default     = false
  }
}

option "alarms" {
  type        = bool
  default     = true
  description = "Create alarms on metrics and on the application's log, which send e-mail."
  why         = "a fault that nobody hears about lasts longer"
}

option "dashboard" {
  type        = bool
  default     = false
  when        = option.alarms
  description = "Create a CloudWatch dashboard with a graph for each alarm."
  why         = "it costs three dollars a month, and alarms work without it"
}

option "chatbot" {
  type        = bool
  default     = false
  when        = option.alarms
  description = "Also send alarms to a Slack channel, with Amazon Q Developer (formerly AWS Chatbot)."
  why         = "e-mail needs no workspace that someone must authorise first"
}

variable "alarm_emails" {
  description = "E-mail addresses for alarms. Each one must first confirm its subscription."
  type        = list(string)
  default     = [] # why: only you know who is on call; other subscriptions to the topic are possible too
  nullable    = false

  validation {
    condition     = alltrue([for address in var.alarm_emails : can(regex("^[^@ ]+@[^@ ]+[.][^@ ]+$", address))])
    error_message = "Each entry must be an e-mail address."
  }
}

variable "alarm_thresholds" {
  description = "Thresholds that override the module's own, by subject and metric, such as { \"database-DatabaseConnections\" = 800 }."
  type        = map(number)
  default     = {} # why: the module's own suit a small system; look at a few weeks of graphs first
  nullable    = false
}

component "monitoring" {
  template = "alarms"
  when     = option.alarms
  with = {
    name            = var.name
    description     = "What it means and what to do: runbooks/monitoring-alarms.md"
    alarms          = concat(part.alarms, [component.log_alarm.alarms])
    thresholds      = var.alarm_thresholds
    topic_arn       = component.alarm_topic.arn
    deployment_keys = part.deployment_keys
    subjects        = part.subjects
    blue_green      = part.blue_green
    chatbot         = option.chatbot
  }
}

# CloudFront and its WAF report in us-east-1, so their alarms and topic are there, too.
component "edge_monitoring" {
  template = "alarms"
  file     = "monitoring.tf"
  prefix   = "monitoring_edge"
  when     = option.alarms && part.edge
  region   = "us-east-1" # where CloudFront and its WAF report
  with = {
    name            = var.name
    description     = "What it means and what to do: runbooks/monitoring-alarms.md"
    alarms          = part.edge_alarms
    thresholds      = var.alarm_thresholds
    topic_arn       = component.edge_alarm_topic.arn
    subjects        = []
    deployment_keys = []
  }
}

component "alarm_topic" {
  template = "alarm-topic"
  file     = "monitoring.tf"
  prefix   = "monitoring"
  when     = option.alarms
  with = {
    name         = "${var.name}-alarms"
    description  = "Alarms of ${var.name}"
    alarm_prefix = "${var.name}-"
    emails       = var.alarm_emails
  }
}

component "edge_alarm_topic" {
  template = "alarm-topic"
  file     = "monitoring.tf"
  prefix   = "monitoring_edge"
  when     = option.alarms && part.edge
  region   = "us-east-1" # a topic must be where its alarms are
  with = {
    name         = "${var.name}-edge-alarms"
    description  = "Alarms of ${var.name} in us-east-1"
    alarm_prefix = "${var.name}-"
    emails       = var.alarm_emails
  }
}

component "log_alarm" {
  template = "log-alarm"
  file     = "monitoring.tf"
  prefix   = "monitoring"
  when     = option.alarms
  with     = { name = var.name, log_group_name = part.log_group_name }
  expose   = { log_pattern = "alarm_log_pattern" }
}

component "dashboard" {
  template = "dashboard"
  file     = "monitoring.tf"
  prefix   = "monitoring"
  when     = option.dashboard
  with     = { name = var.name, alarms = component.monitoring.watched, thresholds = var.alarm_thresholds }
}

component "chat" {
  template = "chat"
  file     = "monitoring.tf"
  prefix   = "monitoring"
  when     = option.chatbot
  with = {
    name       = var.name
    topic_arns = concat([component.alarm_topic.arn], part.edge ? [component.edge_alarm_topic.arn] : [])
  }
  expose = { slack = "alarm_slack" }
}

output "alarm_topic_arn" {
  description = "SNS topic that alarms are sent to, for subscriptions."
  value       = component.alarm_topic.arn
  when        = option.alarms
}
