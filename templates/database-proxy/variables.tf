variable "name" {
  description = "Name that every resource begins with."
  type        = string
}

variable "aws_provider" {
  description = "Major version of the AWS provider the code is for, 6 or 5."
  type        = string
  default     = "6" # why: version 5 knows no log-in by tokens
  nullable    = false

  validation {
    condition     = contains(["6", "5"], var.aws_provider)
    error_message = "The major version of the AWS provider is \"6\" or \"5\"."
  }
}

variable "engine_family" {
  description = "Protocol that the proxy speaks: MYSQL or POSTGRESQL."
  type        = string

  validation {
    condition     = contains(["MYSQL", "POSTGRESQL"], var.engine_family)
    error_message = "The family must be MYSQL or POSTGRESQL."
  }
}

variable "cluster_identifier" {
  description = "Identifier of the Aurora cluster behind the proxy, null for an instance."
  type        = string
  default     = null # why: a database is a cluster or an instance
}

variable "instance_identifier" {
  description = "Identifier of the instance behind the proxy, null for a cluster."
  type        = string
  default     = null # why: a database is a cluster or an instance
}

variable "prerequisites" {
  description = "What must be there before the database is registered: the instances of a cluster. Only the order counts, not the values."
  type        = any
  default     = [] # why: who names an instance waits for it anyway
}

variable "database_security_group_id" {
  description = "Security group of the database, which lets the proxy in."
  type        = string
}

variable "client_security_group_id" {
  description = "Security group of the application, the only one that the proxy lets in."
  type        = string
}

variable "port" {
  description = "Port of the database, and of the proxy."
  type        = number
}

variable "vpc_id" {
  description = "VPC of the proxy, that of the database."
  type        = string
}

variable "subnet_ids" {
  description = "Private data store subnets of the proxy, in at least two availability zones."
  type        = list(string)
}

variable "login" {
  description = "How the application logs in: with tokens of its role (iam), which needs version 6 of the AWS provider, or a password (secret)."
  type        = string
  default     = "iam" # why: a token that is gone after fifteen minutes cannot be stolen from a file

  validation {
    condition     = contains(["iam", "secret"], var.login)
    error_message = "The application must log in by iam or secret: the proxy lets nobody through whom it does not know."
  }

  validation {
    condition     = var.login != "iam" || var.aws_provider == "6"
    error_message = "The login iam needs version 6 of the AWS provider, from 6.14 on."
  }
}

variable "database_resource_id" {
  description = "Id of the database in ARNs of its IAM users, such as cluster-ABCDEFGHIJKL, for the login iam."
  type        = string
  default     = null # why: with a password there is no need of it
}

variable "database_user" {
  description = "Database user of the application, for the login iam."
  type        = string
  default     = null # why: with a password the name stands in the secret
}

variable "reader_endpoint" {
  description = "Whether there is an endpoint that leads to the readers of the cluster."
  type        = bool
  default     = false # notes: aurora.zdp-avoid-reader-endpoint readers break off when they are patched
}

variable "pool" {
  description = "Connections to the database: percent of its max_connections that the proxy may open, percent that it keeps open when nobody needs them, and seconds for which a request waits for one."
  type        = object({ max_percent = optional(number, 90), idle_percent = optional(number, 45), wait_seconds = optional(number, 20) })
  default     = {} # why: a tenth is left for people and monitoring, half of the rest stays open as AWS has it, and a page fails before CloudFront gives up after 30 seconds
  nullable    = false

  validation {
    condition     = var.pool.idle_percent >= 0 && var.pool.idle_percent <= var.pool.max_percent && var.pool.max_percent >= 1 && var.pool.max_percent <= 100 && var.pool.wait_seconds >= 0 && var.pool.wait_seconds <= 300
    error_message = "The proxy may open 1 to 100 percent of the connections, keep no more than that, and let a request wait for up to 300 seconds."
  }
}

variable "idle_client_seconds" {
  description = "Seconds after which the proxy closes a connection on which the application sends nothing."
  type        = number
  default     = 1800 # why: the value of AWS; pools of applications close theirs after ten to thirty minutes, and should do so first

  validation {
    condition     = var.idle_client_seconds >= 1 && var.idle_client_seconds <= 28800
    error_message = "An idle connection must be closed after 1 to 28800 seconds."
  }
}

variable "log_retention_days" {
  description = "Days for which the proxy's log is kept."
  type        = number
  default     = 365 # why: a year of logs is what audits ask for; without it they would be kept for ever
}
