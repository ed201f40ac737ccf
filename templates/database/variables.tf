variable "name" {
  description = "Name that every resource begins with."
  type        = string
}

variable "engine" {
  description = "Aurora edition: aurora-mysql or aurora-postgresql."
  type        = string
  default     = "aurora-mysql" # notes: aurora.param-character-set-server the notes set up the MySQL edition

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
  description = "Version of Aurora MySQL. \"8.0\" alone follows the newest minor version by itself, in the maintenance window."
  type        = string
  default     = "8.0.mysql_aurora.3.10.3" # why: 3.10 has long-term support, so upgrades are rare and planned

  validation {
    condition     = can(regex("^8\\.0(\\.mysql_aurora\\.3\\.[0-9]{2}\\.[0-9]+)?$", var.mysql_version))
    error_message = "The version must be 8.0, or a full version such as 8.0.mysql_aurora.3.10.3."
  }
}

variable "postgresql_version" {
  description = "Version of Aurora PostgreSQL. The major version alone follows the newest minor version by itself, in the maintenance window."
  type        = string
  default     = "17.7" # why: 17.7 has long-term support, so upgrades are rare and planned

  validation {
    condition     = can(regex("^1[7-9](\\.[0-9]+)?$", var.postgresql_version)) # why: older ones take connections without TLS by default
    error_message = "The version must be a major version from 17 up, alone or with its minor version, such as 17 or 17.7."
  }
}

variable "size" {
  description = "Class of the database instances and their number: one writer, the others are readers that it fails over to. The class db.serverless grows and shrinks between two capacities, in units of 2 GiB of memory."
  type        = object({ class = string, instances = number, min_capacity = optional(number, 0.5), max_capacity = optional(number, 8) })
  default     = { class = "db.t4g.medium", instances = 2 } # notes: aurora.burstable-instance-class, aurora.failover-replica-in-other-az burstable, with a replica in another zone
  nullable    = false

  validation {
    condition     = can(regex(var.engine == "aurora-mysql" ? "^db\\.(serverless|t4g\\.(medium|large)|[rx][0-9][a-z]*\\.([0-9]+x)?large)$" : "^db\\.(serverless|t(3|4g)\\.(medium|large)|[rx][0-9][a-z]*\\.([0-9]+x)?large)$", var.size.class)) && contains(range(1, 17), var.size.instances) # why: Aurora MySQL has no Database Insights on db.t3
    error_message = "The class must be one that Aurora has with Database Insights, such as db.t4g.medium, db.r7g.large or db.serverless, and there are 1 to 16 instances."
  }

  validation {
    condition     = var.size.min_capacity >= 0.5 && var.size.min_capacity <= var.size.max_capacity && var.size.max_capacity <= 256
    error_message = "The capacities must be from 0.5 to 256, the lower one first."
  }
}

variable "backup_retention_days" {
  description = "Days for which automatic backups are kept."
  type        = number
  default     = 7 # notes: aurora.backup-retention-period keep backups for 7 days

  validation {
    condition     = var.backup_retention_days >= 1 && var.backup_retention_days <= 35 && floor(var.backup_retention_days) == var.backup_retention_days
    error_message = "Backups must be kept for a whole number of days from 1 to 35."
  }
}

variable "maintenance_window" {
  description = "Weekly maintenance window in UTC, when few connections are open and people are at work soon after."
  type        = string
}

variable "backup_window" {
  description = "Daily time of the backup in UTC, at least half an hour, outside the maintenance window."
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
  description = "Time zone of the database, by the name that the engine knows."
  type        = string
  nullable    = false
}

variable "deletion_protection" {
  description = "Whether the cluster refuses to be deleted."
  type        = bool
  default     = true # notes: aurora.deletion-protection, aurora.deletion-protection-scope deleting the cluster deletes its volume
}

variable "login" {
  description = "How the application logs in: with tokens of its role (iam), a password (secret), or its own way (own). The runbook users follows it."
  type        = string
  default     = "iam" # why: a token that is gone after fifteen minutes cannot be stolen from a file
}

variable "proxy" {
  description = "Whether the application comes through RDS Proxy. The runbooks follow it."
  type        = bool
  default     = false # why: a pool in each task is enough until connections run out
}

variable "kms_key_arn" {
  description = "ARN of the KMS key of the data, its snapshots and Performance Insights; null takes aws/rds, the key of AWS. A key of your own must outlive this module, or its snapshots cannot be read; only with one can snapshots be shared with another account."
  type        = string
  default     = null # why: aws/rds is there as long as the account, rotated by AWS and free of charge

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/", var.kms_key_arn))
    error_message = "The key must be given by its ARN, such as arn:aws:kms:<region>:<account>:key/<id>, for RDS reports it in this form."
  }
}

variable "disposable" {
  description = "Whether the database goes without a last snapshot, and its automatic backups with it."
  type        = bool
  default     = false # why: what is destroyed by mistake must be there to restore
}

variable "major_upgrade" {
  description = "Whether a new major version may be applied. Set it for the time of the upgrade."
  type        = bool
  default     = false # why: there is no way back from a major version but a restore
  nullable    = false
}

variable "log_statements" {
  description = "Whether MySQL and MariaDB log every statement with its values, personal data and passwords among them."
  type        = bool
  default     = true # notes: aurora.param-general-log every statement is logged
  nullable    = false
}

variable "reader_endpoint" {
  description = "Whether the application also gets the host of the readers, as DB_READER_HOST."
  type        = bool
  default     = false # notes: aurora.zdp-avoid-reader-endpoint, aurora.zdp-do-not-rely readers break off when they are patched
}

variable "log_retention_days" {
  description = "Days for which the exported logs are kept."
  type        = number
  default     = 365 # why: a year of logs is what audits ask for; without it they would be kept for ever
}

variable "parameters" {
  description = "Dynamic cluster parameters by name, over or beside those set here."
  type        = map(string)
  default     = {} # why: the values set in the code stand unless one is changed here
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.parameters) : can(regex("^[a-z][a-z0-9_.]*$", name))])
    error_message = "The names of parameters must be lower-case letters, digits, dots and underscores, such as max_connections."
  }
}
