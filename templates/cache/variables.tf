variable "name" {
  description = "Prefix of every resource name."
  type        = string
}

variable "engine" {
  description = "Engine of the cache: redis (Redis OSS) or valkey."
  type        = string
  default     = "redis" # notes: elasticache-redis.engine the notes cover only Redis

  validation {
    condition     = contains(["redis", "valkey"], var.engine)
    error_message = "The engine must be redis or valkey."
  }
}

variable "vpc_id" {
  description = "VPC of the cache."
  type        = string
}

variable "subnet_ids" {
  description = "Private data store subnets of the cache, in at least two availability zones."
  type        = list(string)
}

variable "client_security_group_id" {
  description = "Security group of the application, the only one that may connect."
  type        = string
}

variable "client_role_name" {
  description = "Role of the application, which may log in if iam_authentication is on."
  type        = string
  default     = null # why: without IAM authentication no permission is needed
}

variable "iam_authentication" {
  description = "Let clients log in with short-lived tokens of their role."
  type        = bool
  default     = false # why: most session libraries cannot create tokens
}

variable "cluster_mode" {
  description = "Spread the keys over several shards."
  type        = bool
  default     = false # why: one shard is enough for sessions
}

variable "import" {
  description = "Create the cache from a snapshot."
  type        = bool
  default     = false # why: a new system has nothing to import
}

variable "snapshot_name" {
  description = "Snapshot to create the cache from; null for an empty cache."
  type        = string
  default     = null # why: a new system has nothing to import
}

variable "shards" {
  description = "Number of shards in cluster mode, each with its primary and replicas."
  type        = number
  default     = 2 # why: the fewest for which cluster mode is useful
  nullable    = false

  validation {
    condition     = contains(range(1, 91), var.shards)
    error_message = "The number of shards must be from 1 to 90."
  }
}

variable "redis_version" {
  description = "Version of Redis OSS, major and minor."
  type        = string
  default     = "7.1" # why: the last version of Redis OSS that ElastiCache offers

  validation {
    condition     = can(regex("^[67]\\.[0-9]$", var.redis_version)) # notes: elasticache-redis.engine-version-not-6-x no unpinned version such as 6.x
    error_message = "The version must include the major and the minor version, such as 6.2 or 7.1; a version such as 6.x would be upgraded automatically."
  }
}

variable "valkey_version" {
  description = "Version of Valkey, major and minor."
  type        = string
  default     = "8.2" # why: a version that every region and both provider versions support

  validation {
    condition     = can(regex("^([7-9])\\.[0-9]$", var.valkey_version)) # notes: elasticache-redis.engine-version-not-6-x no unpinned version such as 6.x
    error_message = "The version must include the major and the minor version, such as 7.2 or 8.2."
  }
}

variable "size" {
  description = "Type of the cache nodes and the number of read replicas in addition to the primary; with at least one, it fails over to another zone."
  type        = object({ node_type = string, replicas = number })
  # why: a small node is enough for the sessions of a small site
  default  = { node_type = "cache.t4g.small", replicas = 1 } # notes: elasticache-redis.replica-count-multi-az one replica, in another zone
  nullable = false

  validation {
    condition     = can(regex("^cache\\.[a-z][a-z0-9]*\\.(micro|small|medium|([0-9]+x)?large)$", var.size.node_type)) && contains(range(0, 6), var.size.replicas)
    error_message = "The type must be an ElastiCache node type, such as cache.t4g.small or cache.r7g.large, with 0 to 5 replicas."
  }
}

variable "snapshot_retention_days" {
  description = "Retention of daily snapshots, in days; 0 disables them."
  type        = number
  default     = 0 # notes: elasticache-redis.backup-disabled the data is not worth backing up
  nullable    = false

  validation {
    condition     = var.snapshot_retention_days >= 0 && var.snapshot_retention_days <= 35 && floor(var.snapshot_retention_days) == var.snapshot_retention_days
    error_message = "Snapshots must be kept for a whole number of days from 0 to 35."
  }
}

variable "maintenance_window" {
  description = "Weekly maintenance window in UTC, of at least an hour."
  type        = string
}

variable "snapshot_window" {
  description = "Daily snapshot window in UTC, at least an hour, outside the maintenance window."
  type        = string
}

variable "log_retention_days" {
  description = "Retention of the logs, in days."
  type        = number
  default     = 365 # why: audits usually ask for a year of logs; without a limit they would be kept forever
}

variable "parameters" {
  description = "Parameters by name that differ from the engine's defaults, such as maxmemory-policy."
  type        = map(string)
  default     = {} # why: the engine's own values suit sessions
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.parameters) : can(regex("^[a-z][a-z0-9-]*$", name))])
    error_message = "The names of parameters must be lower-case letters, digits and hyphens, such as maxmemory-policy."
  }
}
