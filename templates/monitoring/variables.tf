variable "name" {
  description = "Name of the system, prefix of the alarms and namespace of the metric of its logs."
  type        = string
}

variable "aws_provider" {
  description = "Major version of the AWS provider the code is for, 6 or 5."
  type        = string
  default     = "6" # why: version 6 reaches us-east-1 without a second provider configuration
  nullable    = false

  validation {
    condition     = contains(["6", "5"], var.aws_provider)
    error_message = "The major version of the AWS provider is \"6\" or \"5\"."
  }
}

variable "blue_green" {
  description = "Whether tasks move between two target groups."
  type        = bool
  default     = false # why: a rolling update has one target group
  nullable    = false
}

variable "cdn" {
  description = "Whether CloudFront is watched, and the web ACL at CloudFront. Their alarms stand in us-east-1."
  type        = bool
  default     = false # why: not every system has a distribution
  nullable    = false
}

variable "waf" {
  description = "Whether a web ACL is watched: with cdn the one at CloudFront, else the one at the load balancer."
  type        = bool
  default     = false # why: not every system has a web ACL
  nullable    = false
}

variable "dashboard" {
  description = "Whether there is a dashboard with a graph for each alarm."
  type        = bool
  default     = false # why: it costs three dollars a month, and alarms call people without it
  nullable    = false
}

variable "chatbot" {
  description = "Whether alarms go to a Slack channel."
  type        = bool
  default     = false # why: the workspace must be authorised by hand first
  nullable    = false
}

variable "load_balancer_arn_suffix" {
  description = "Dimension LoadBalancer of the metrics of the load balancer."
  type        = string
}

variable "target_group_arn_suffix" {
  description = "Dimension TargetGroup of its target group (blue)."
  type        = string
}

variable "green_target_group_arn_suffix" {
  description = "Dimension TargetGroup of the second target group, for blue_green."
  type        = string
  default     = null # why: a rolling update has one target group

  validation {
    condition     = !var.blue_green || var.green_target_group_arn_suffix != null
    error_message = "With blue_green there is a second target group to watch."
  }
}

variable "cluster_name" {
  description = "Name of the ECS cluster, which has Container Insights."
  type        = string
}

variable "service_name" {
  description = "Name of the ECS service."
  type        = string
}

variable "log_group_name" {
  description = "Log group of the application."
  type        = string
}

variable "database" {
  description = "Dimension of the metrics of the database: DBClusterIdentifier (Aurora) or DBInstanceIdentifier, and its name. Empty without a database."
  type        = map(string)
  default     = {} # why: not every system has a database
  nullable    = false
}

variable "database_proxy" {
  description = "Whether RDS Proxy is watched."
  type        = bool
  default     = false # why: not every system has one
  nullable    = false
}

variable "database_proxy_name" {
  description = "Name of the proxy, for database_proxy."
  type        = string
  default     = null # why: not every system has one
}

variable "internal" {
  description = "Whether services are watched that no user reaches."
  type        = bool
  default     = false # why: not every system has more than one service
  nullable    = false
}

variable "internal_services" {
  description = "Names of these ECS services, by a short name of each, for internal."
  type        = map(string)
  default     = {} # why: not every system has more than one service
  nullable    = false
}

variable "scheduled" {
  description = "Whether commands that run by the clock are watched."
  type        = bool
  default     = false # why: not every system has schedules
  nullable    = false
}

variable "schedule_group" {
  description = "Name of their schedule group, for scheduled."
  type        = string
  default     = null # why: not every system has schedules
}

variable "state_machine_arn" {
  description = "ARN of the state machine that runs them, for scheduled."
  type        = string
  default     = null # why: not every system has schedules
}

variable "pipeline" {
  description = "Whether a pipeline is watched."
  type        = bool
  default     = false # why: not every system has one
  nullable    = false
}

variable "pipeline_name" {
  description = "Name of the pipeline, for pipeline."
  type        = string
  default     = null # why: not every system has one
}

variable "cache" {
  description = "Whether the nodes of a cache are watched."
  type        = bool
  default     = false # why: not every system has a cache
  nullable    = false
}

variable "cache_nodes" {
  description = "Ids of the nodes of the cache, for cache."
  type        = list(string)
  default     = [] # why: not every system has a cache
  nullable    = false
}

variable "nat" {
  description = "Whether NAT gateways are watched."
  type        = bool
  default     = false # why: not every network has one
  nullable    = false
}

variable "nat_gateway_ids" {
  description = "Ids of the NAT gateways, for nat."
  type        = list(string)
  default     = [] # why: not every network has one
  nullable    = false
}

variable "distribution_id" {
  description = "Id of the CloudFront distribution, for cdn."
  type        = string
  default     = null # why: not every system has a distribution
}

variable "web_acl_name" {
  description = "Name of the metric of the web ACL, for waf."
  type        = string
  default     = null # why: not every system has a web ACL
}

variable "emails" {
  description = "Addresses that alarms are sent to. Each gets a message first, and must agree."
  type        = list(string)
  default     = [] # why: only you know who is on call; subscribe to the topic in any other way
  nullable    = false

  validation {
    condition     = alltrue([for address in var.emails : can(regex("^[^@ ]+@[^@ ]+[.][^@ ]+$", address))])
    error_message = "Each entry is an e-mail address."
  }
}

variable "thresholds" {
  description = "Thresholds in place of the module's own, by subject and metric, such as { \"database-DatabaseConnections\" = 800 }."
  type        = map(number)
  default     = {} # why: the module's own suit a small system; look at the graphs of some weeks first
  nullable    = false
}

variable "log_pattern" {
  description = "Filter pattern of CloudWatch Logs for the lines of the application's log that set off an alarm."
  type        = string
  # notes: cloudwatch-logs.filter-pattern-level-colon, cloudwatch-logs.filter-pattern-levels, cloudwatch-logs.filter-pattern-case upper case and capitalised, for case counts; without warnings, which nobody gets up for
  # notes: cloudwatch-logs.filter-pattern-colon the colon keeps out names of files and methods
  default  = "?\"ERROR:\" ?\"Error:\" ?\"CRITICAL:\" ?\"Critical:\" ?\"EMERGENCY:\" ?\"Emergency:\" ?\"ALERT:\" ?\"Alert:\""
  nullable = false

  validation {
    condition     = !alltrue([for sign in ["[?]", "-"] : can(regex("(^|\\s)${sign}", replace(var.log_pattern, "/\"[^\"]*\"/", "")))]) # notes: cloudwatch-logs.no-or-with-exclude CloudWatch would drop the first
    error_message = "A pattern has alternatives (?term) or exclusions (-term), never both: CloudWatch ignores the alternatives and counts every line that is not excluded."
  }
}

variable "slack" {
  description = "Slack workspace and channel that alarms go to, for chatbot. The workspace is authorised in the console first."
  type        = object({ workspace_id = string, channel_id = string })
  default     = null # why: chatbot alone needs them

  validation {
    condition     = !var.chatbot || can(regex("^T[A-Z0-9]+$", var.slack.workspace_id)) && can(regex("^[CG][A-Z0-9]+$", var.slack.channel_id))
    error_message = "The alarms need a workspace such as T0123ABCDEF and a channel such as C0123ABCDEF."
  }
}
