variable "name" {
  description = "Prefix of every resource name."
  type        = string
}

variable "engine" {
  description = "Aurora edition: aurora-mysql or aurora-postgresql."
  type        = string
  default     = "aurora-mysql" # why: the notes set the parameters of MySQL

  validation {
    condition     = contains(["aurora-mysql", "aurora-postgresql"], var.engine)
    error_message = "The engine must be aurora-mysql or aurora-postgresql."
  }
}

variable "vpc_id" {
  description = "VPC of the cluster."
  type        = string
}

variable "subnet_ids" {
  description = "Private data store subnets of the cluster, in at least two availability zones."
  type        = list(string)
}

variable "client_security_group_id" {
  description = "Security group of the application, the only one that may connect."
  type        = string
}

variable "mysql_version" {
  description = "Version of Aurora MySQL. \"8.0\" is upgraded to the newest minor version automatically, in the maintenance window."
  type        = string
  default     = "8.0.mysql_aurora.3.10.3" # why: 3.10 has long-term support, so upgrades are rare and can be planned

  validation {
    condition     = can(regex("^8\\.0(\\.mysql_aurora\\.3\\.[0-9]{2}\\.[0-9]+)?$", var.mysql_version))
    error_message = "The version must be 8.0, or a full version such as 8.0.mysql_aurora.3.10.3."
  }
}

variable "postgresql_version" {
  description = "Version of Aurora PostgreSQL. With only the major version, it is upgraded to the newest minor version automatically, in the maintenance window."
  type        = string
  default     = "17.7" # why: 17.7 has long-term support, so upgrades are rare and can be planned

  validation {
    condition     = can(regex("^1[7-9](\\.[0-9]+)?$", var.postgresql_version)) # why: older ones allow connections without TLS by default
    error_message = "The version must be a major version from 17 up, alone or with its minor version, such as 17 or 17.7."
  }
}

variable "size" {
  description = "Class of the database instances and their number: one writer; the others are readers and failover targets. The class db.serverless scales between two capacities, in units of 2 GiB of memory."
  type        = object({ class = string, instances = number, min_capacity = optional(number, 0.5), max_capacity = optional(number, 8) })
  default     = { class = "db.t4g.medium", instances = 2 } # notes: aurora.burstable-instance-class, aurora.failover-replica-in-other-az burstable, with a replica in another zone
  nullable    = false

  validation {
    condition     = can(regex(var.engine == "aurora-mysql" ? "^db\\.(serverless|t4g\\.(medium|large)|[rx][0-9][a-z]*\\.([0-9]+x)?large)$" : "^db\\.(serverless|t(3|4g)\\.(medium|large)|[rx][0-9][a-z]*\\.([0-9]+x)?large)$", var.size.class)) && contains(range(1, 17), var.size.instances) # why: Aurora MySQL has no Database Insights on db.t3
    error_message = "The class must be one that Aurora supports with Database Insights, such as db.t4g.medium, db.r7g.large or db.serverless, with 1 to 16 instances."
  }

  validation {
    condition     = var.size.min_capacity >= 0.5 && var.size.min_capacity <= var.size.max_capacity && var.size.max_capacity <= 256
    error_message = "The capacities must be from 0.5 to 256, the lower one first."
  }
}

variable "backup_retention_days" {
  description = "Retention of automatic backups, in days."
  type        = number
  default     = 7 # notes: aurora.backup-retention-period 7 days

  validation {
    condition     = var.backup_retention_days >= 1 && var.backup_retention_days <= 35 && floor(var.backup_retention_days) == var.backup_retention_days
    error_message = "Backups must be kept for a whole number of days from 1 to 35."
  }
}

variable "maintenance_window" {
  description = "Weekly maintenance window in UTC, when few connections are open and people are at work soon afterwards."
  type        = string
}

variable "backup_window" {
  description = "Daily backup window in UTC, at least half an hour, outside the maintenance window."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]$", var.backup_window))
    error_message = "The backup window must look like 16:00-16:30, in UTC."
  }

  validation {
    condition     = try(replace(substr(var.backup_window, 6, 5), ":", "") - replace(substr(var.maintenance_window, 4, 5), ":", "") <= 0 || replace(substr(var.backup_window, 0, 5), ":", "") - replace(substr(var.maintenance_window, 14, 5), ":", "") >= 0, true)
    error_message = "The backup window must not overlap the maintenance window: RDS refuses that."
  }
}

variable "time_zone" {
  description = "Time zone of the database, as named by the engine."
  type        = string
  nullable    = false
}

variable "deletion_protection" {
  description = "Protect the cluster from deletion."
  type        = bool
  default     = true # notes: aurora.deletion-protection on, because deleting the cluster deletes its volume
}

variable "login" {
  description = "How the application logs in: with IAM tokens of its role (iam), a password (secret), or its own way (own). The users runbook is written for that choice."
  type        = string
  default     = "iam" # why: a token that expires after fifteen minutes cannot be stolen from a file
}

variable "proxy" {
  description = "True if the application connects through RDS Proxy. The runbooks match it."
  type        = bool
  default     = false # why: a pool in each task is enough until connections run out
}

variable "kms_key_arn" {
  description = "ARN of the KMS key that encrypts the data, its snapshots and Performance Insights; null uses aws/rds, the AWS managed key. Your own key must outlive this module, or its snapshots become unreadable; only with your own key can snapshots be shared with another account."
  type        = string
  default     = null # why: aws/rds lives as long as the account, is rotated by AWS and is free

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/", var.kms_key_arn))
    error_message = "The key must be an ARN such as arn:aws:kms:<region>:<account>:key/<id>, the form in which RDS reports it."
  }
}

variable "disposable" {
  description = "Delete the database without a final snapshot, and its automatic backups with it."
  type        = bool
  default     = false # why: what is destroyed by mistake must be recoverable
}

variable "major_upgrade" {
  description = "Allow a new major version to be applied. Set it only for the upgrade."
  type        = bool
  default     = false # why: the only way back from a major version is a restore
  nullable    = false
}

variable "log_statements" {
  description = "Log every statement of MySQL and MariaDB with its values, including personal data and passwords."
  type        = bool
  default     = true # notes: aurora.param-general-log every statement is logged
  nullable    = false
}

variable "reader_endpoint" {
  description = "Also give the application the readers' host, as DB_READER_HOST."
  type        = bool
  default     = false # notes: aurora.zdp-avoid-reader-endpoint readers restart while they are patched
}

variable "log_retention_days" {
  description = "Retention of the exported logs, in days."
  type        = number
  default     = 365 # why: audits usually ask for a year of logs; without a limit they would be kept forever
}

variable "parameters" {
  description = "Dynamic cluster parameters by name, overriding or adding to those set here."
  type        = map(string)
  default     = {} # why: the values set in the code apply unless overridden here
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.parameters) : can(regex("^[a-z][a-z0-9_.]*$", name))])
    error_message = "The names of parameters must be lower-case letters, digits, dots and underscores, such as max_connections."
  }
}
