variable "name" {
  description = "Prefix of every resource name."
  type        = string
}

variable "aws_provider" {
  description = "Major version of the AWS provider the code is for, 6 or 5."
  type        = string
  default     = "6" # why: version 5 does not support token login
  nullable    = false

  validation {
    condition     = contains(["6", "5"], var.aws_provider)
    error_message = "The major version of the AWS provider must be \"6\" or \"5\"."
  }
}

variable "engine_family" {
  description = "Protocol of the proxy: MYSQL or POSTGRESQL."
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
  description = "Resources that must exist before the database is registered: the instances of a cluster. Only the order matters, not the values."
  type        = any
  default     = [] # why: referring to an instance already waits for it
}

variable "database_security_group_id" {
  description = "Security group of the database, which allows the proxy."
  type        = string
}

variable "client_security_group_id" {
  description = "Security group of the application, the only one that may connect to the proxy."
  type        = string
}

variable "port" {
  description = "Port of the database, and of the proxy."
  type        = number
}

variable "vpc_id" {
  description = "VPC of the proxy and the database."
  type        = string
}

variable "subnet_ids" {
  description = "Private data store subnets of the proxy, in at least two availability zones."
  type        = list(string)
}

variable "login" {
  description = "How the application logs in: with tokens of its role (iam), which needs version 6 of the AWS provider, or a password (secret)."
  type        = string
  default     = "iam" # why: a token that expires after fifteen minutes cannot be stolen from a file

  validation {
    condition     = contains(["iam", "secret"], var.login)
    error_message = "The application must log in with iam or secret: the proxy only accepts users it has credentials for."
  }

  validation {
    condition     = var.login != "iam" || var.aws_provider == "6"
    error_message = "Login with iam needs version 6 of the AWS provider, from 6.14 on."
  }
}

variable "database_resource_id" {
  description = "ID of the database in ARNs of its IAM users, such as cluster-ABCDEFGHIJKL, if login is iam."
  type        = string
  default     = null # why: not needed with a password
}

variable "database_user" {
  description = "Database user of the application, if login is iam."
  type        = string
  default     = null # why: with a password the name is in the secret
}

variable "reader_endpoint" {
  description = "Create an endpoint for the readers of the cluster."
  type        = bool
  default     = false # notes: aurora.zdp-avoid-reader-endpoint readers restart while they are patched
}

variable "pool" {
  description = "Connections to the database: percent of its max_connections that the proxy may open, percent that it keeps open when idle, and seconds that a request waits for one."
  type        = object({ max_percent = optional(number, 90), idle_percent = optional(number, 45), wait_seconds = optional(number, 20) })
  default     = {} # why: a tenth is left for people and monitoring, half of the rest stays open, the AWS default, and a page fails before CloudFront gives up after 30 seconds
  nullable    = false

  validation {
    condition     = var.pool.idle_percent >= 0 && var.pool.idle_percent <= var.pool.max_percent && var.pool.max_percent >= 1 && var.pool.max_percent <= 100 && var.pool.wait_seconds >= 0 && var.pool.wait_seconds <= 300
    error_message = "The proxy may open 1 to 100 percent of the connections, keep no more than that open, and let a request wait up to 300 seconds."
  }
}

variable "idle_client_seconds" {
  description = "Seconds after which the proxy closes an idle client connection."
  type        = number
  default     = 1800 # why: the AWS default; application pools close theirs after ten to thirty minutes, and should do so first

  validation {
    condition     = var.idle_client_seconds >= 1 && var.idle_client_seconds <= 28800
    error_message = "An idle connection must be closed after 1 to 28800 seconds."
  }
}

variable "log_retention_days" {
  description = "Retention of the proxy's log, in days."
  type        = number
  default     = 365 # why: audits usually ask for a year of logs; without a limit they would be kept forever
}
