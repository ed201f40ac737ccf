variable "name" {
  description = "Name of the system, prefix of the alarms and namespace of its log metrics."
  type        = string
}

variable "aws_provider" {
  description = "Major version of the AWS provider the code is for, 6 or 5."
  type        = string
  default     = "6" # why: version 6 reaches us-east-1 without a second provider configuration
  nullable    = false

  validation {
    condition     = contains(["6", "5"], var.aws_provider)
    error_message = "The major version of the AWS provider must be \"6\" or \"5\"."
  }
}

variable "blue_green" {
  description = "True if tasks move between two target groups."
  type        = bool
  default     = false # why: a rolling update has one target group
  nullable    = false
}

variable "cdn" {
  description = "Monitor CloudFront and its web ACL. Their alarms are in us-east-1."
  type        = bool
  default     = false # why: not every system has a distribution
  nullable    = false
}

variable "waf" {
  description = "Monitor a web ACL: with cdn the one at CloudFront, otherwise the one at the load balancer."
  type        = bool
  default     = false # why: not every system has a web ACL
  nullable    = false
}

variable "dashboard" {
  description = "Create a dashboard with a graph for each alarm."
  type        = bool
  default     = false # why: it costs three dollars a month, and alarms work without it
  nullable    = false
}

variable "chatbot" {
  description = "Send alarms to a Slack channel."
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
  description = "Dimension TargetGroup of the second target group, if blue_green is true."
  type        = string
  default     = null # why: a rolling update has one target group

  validation {
    condition     = !var.blue_green || var.green_target_group_arn_suffix != null
    error_message = "blue_green needs a second target group to monitor."
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

variable "bastion" {
  description = "Monitor the bastion."
  type        = bool
  default     = false # why: not every system has one
  nullable    = false
}

variable "bastion_instance_id" {
  description = "ID of the bastion's instance, if bastion is true."
  type        = string
  default     = null # why: not every system has one
}

variable "database_proxy" {
  description = "Monitor RDS Proxy."
  type        = bool
  default     = false # why: not every system has one
  nullable    = false
}

variable "database_proxy_name" {
  description = "Name of the proxy, if database_proxy is true."
  type        = string
  default     = null # why: not every system has one
}

variable "internal" {
  description = "Monitor internal services."
  type        = bool
  default     = false # why: not every system has more than one service
  nullable    = false
}

variable "internal_services" {
  description = "Names of these ECS services, by short name, if internal is true."
  type        = map(string)
  default     = {} # why: not every system has more than one service
  nullable    = false
}

variable "scheduled" {
  description = "Monitor scheduled commands."
  type        = bool
  default     = false # why: not every system has schedules
  nullable    = false
}

variable "schedule_group" {
  description = "Name of their schedule group, if scheduled is true."
  type        = string
  default     = null # why: not every system has schedules
}

variable "state_machine_arn" {
  description = "ARN of the state machine that runs them, if scheduled is true."
  type        = string
  default     = null # why: not every system has schedules
}

variable "pipeline" {
  description = "Monitor a pipeline."
  type        = bool
  default     = false # why: not every system has one
  nullable    = false
}

variable "pipeline_name" {
  description = "Name of the pipeline, if pipeline is true."
  type        = string
  default     = null # why: not every system has one
}

variable "cache" {
  description = "Monitor the nodes of a cache."
  type        = bool
  default     = false # why: not every system has a cache
  nullable    = false
}

variable "cache_nodes" {
  description = "IDs of the nodes of the cache, if cache is true."
  type        = list(string)
  default     = [] # why: not every system has a cache
  nullable    = false
}

variable "nat" {
  description = "Monitor NAT gateways."
  type        = bool
  default     = false # why: not every network has one
  nullable    = false
}

variable "nat_gateway_ids" {
  description = "IDs of the NAT gateways, if nat is true."
  type        = list(string)
  default     = [] # why: not every network has one
  nullable    = false
}

variable "distribution_id" {
  description = "ID of the CloudFront distribution, if cdn is true."
  type        = string
  default     = null # why: not every system has a distribution
}

variable "web_acl_name" {
  description = "Name of the metric of the web ACL, if waf is true."
  type        = string
  default     = null # why: not every system has a web ACL
}

variable "emails" {
  description = "E-mail addresses for alarms. Each one must first confirm its subscription."
  type        = list(string)
  default     = [] # why: only you know who is on call; other subscriptions to the topic are possible too
  nullable    = false

  validation {
    condition     = alltrue([for address in var.emails : can(regex("^[^@ ]+@[^@ ]+[.][^@ ]+$", address))])
    error_message = "Each entry must be an e-mail address."
  }
}

variable "thresholds" {
  description = "Thresholds that override the module's own, by subject and metric, such as { \"database-DatabaseConnections\" = 800 }."
  type        = map(number)
  default     = {} # why: the module's own suit a small system; look at a few weeks of graphs first
  nullable    = false
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

variable "slack" {
  description = "Slack workspace and channel that alarms go to, if chatbot is true. The workspace must first be authorised in the console."
  type        = object({ workspace_id = string, channel_id = string })
  default     = null # why: only chatbot needs them

  validation {
    condition     = !var.chatbot || can(regex("^T[A-Z0-9]+$", var.slack.workspace_id)) && can(regex("^[CG][A-Z0-9]+$", var.slack.channel_id))
    error_message = "The alarms need a workspace such as T0123ABCDEF and a channel such as C0123ABCDEF."
  }
}
