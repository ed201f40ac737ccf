variable "name" {
  description = "Name that every resource begins with."
  type        = string
}

variable "engine" {
  description = "Engine: mysql, postgres or mariadb."
  type        = string
  default     = "mysql" # notes: rds.engine-type the notes set up MySQL

  validation {
    condition     = contains(["mysql", "postgres", "mariadb"], var.engine)
    error_message = "The engine must be mysql, postgres or mariadb."
  }
}

variable "vpc_id" {
  description = "VPC of the instance."
  type        = string
}

variable "subnet_ids" {
  description = "Private data store subnets of the instance, in at least two availability zones."
  type        = list(string)
}

variable "client_security_group_id" {
  description = "Security group of the application, the only one that may connect."
  type        = string
}

variable "mysql_version" {
  description = "Version of MySQL. The first two numbers alone follow the newest minor version by themselves, in the maintenance window."
  type        = string
  default     = "8.4.11" # why: 8.4 has long-term support

  validation {
    condition     = can(regex("^8\\.[04](\\.[0-9]+)?$", var.mysql_version))
    error_message = "The version must be 8.0 or 8.4, alone or with its minor version, such as 8.4 or 8.4.11."
  }
}

variable "postgresql_version" {
  description = "Version of PostgreSQL. The major version alone follows the newest minor version by itself, in the maintenance window."
  type        = string
  default     = "17.7" # why: the same major version as on Aurora

  validation {
    condition     = can(regex("^1[5-9](\\.[0-9]+)?$", var.postgresql_version)) # why: older ones take connections without TLS by default
    error_message = "The version must be a major version from 15 up, alone or with its minor version, such as 17 or 17.7."
  }
}

variable "mariadb_version" {
  description = "Version of MariaDB. The first two numbers alone follow the newest minor version by themselves, in the maintenance window."
  type        = string
  default     = "11.8.6" # why: 11.8 has long-term support

  validation {
    condition     = can(regex("^(11\\.8|1[2-9]\\.[0-9]{1,2})(\\.[0-9]+)?$", var.mariadb_version)) # why: older ones take connections without TLS by default
    error_message = "The version must be a major version from 11.8 up, alone or with its minor version, such as 11.8 or 11.8.6."
  }
}

variable "size" {
  description = "Class of the database instances and their number: one, or two with a standby in another zone that takes over."
  type        = object({ class = string, instances = number })
  default     = { class = "db.t4g.medium", instances = 2 } # notes: aurora.burstable-instance-class, rds-non-aurora.failover-standby burstable, with a standby in another zone
  nullable    = false

  validation {
    condition     = can(regex("^db\\.(t3|t4g|[cmrxz][0-9][a-z]*)\\.(medium|([0-9]+x)?large)$", var.size.class)) && contains([1, 2], var.size.instances) # why: Database Insights wants at least medium
    error_message = "The class must be one of at least medium size, such as db.t4g.medium or db.r7g.large, and there are 1 or 2 instances."
  }
}

variable "storage" {
  description = "Gibibytes of storage at first, and the limit up to which it grows by itself."
  type        = object({ initial = number, maximum = number })
  default     = { initial = 20, maximum = 200 } # why: the smallest that RDS offers, with room for ten times as much
  nullable    = false

  validation {
    condition     = var.storage.initial >= 20 && var.storage.maximum >= var.storage.initial * 1.1 && var.storage.maximum <= 65536
    error_message = "Storage must be at least 20 GiB, and its limit at least a tenth more, up to 65,536."
  }
}

variable "backup_retention_days" {
  description = "Days for which automatic backups are kept."
  type        = number
  default     = 7 # notes: aurora.backup-retention-period keep backups for 7 days

  validation {
    condition     = var.backup_retention_days >= 1 && var.backup_retention_days <= 35 && floor(var.backup_retention_days) == var.backup_retention_days # notes: rds-non-aurora.downtime-backup-window never 0: going there and back restarts the instance
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
  description = "Whether the instance refuses to be deleted."
  type        = bool
  default     = true # notes: aurora.deletion-protection deleting the instance deletes its data
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

variable "log_retention_days" {
  description = "Days for which the exported logs are kept."
  type        = number
  default     = 365 # why: a year of logs is what audits ask for; without it they would be kept for ever
}

variable "parameters" {
  description = "Dynamic parameters by name, over or beside those set here."
  type        = map(string)
  default     = {} # why: the values set in the code stand unless one is changed here
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.parameters) : can(regex("^[a-z][a-z0-9_.]*$", name)) && name != "require_secure_transport"])
    error_message = "The names of parameters must be lower-case letters, digits, dots and underscores, such as max_connections; connections without TLS stay refused."
  }
}
