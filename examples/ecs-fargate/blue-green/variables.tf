variable "name" {
  description = "Name of the system; every resource begins with it."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name)) && !strcontains(var.name, "--")
    error_message = "The name must be 3 to 20 lower-case letters, digits and single hyphens, begin with a letter and not end with a hyphen."
  }

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 32 lower-case letters, digits and hyphens, start with a letter and not end with a hyphen."
  }

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,22}[a-z0-9]$", var.name)) && !strcontains(var.name, "--") && !startswith(var.name, "internal-")
    error_message = "The name must be 3 to 24 lower-case letters, digits and single hyphens, begin with a letter but not with internal-, and not end with a hyphen."
  }

  validation {
    condition     = can(regex("^[a-z0-9]+([._/-][a-z0-9]+)*$", var.name)) && length(var.name) >= 2 && length(var.name) <= 256
    error_message = "name must be 2 to 256 lower-case letters and digits, with single dots, underscores, hyphens and slashes between them."
  }
}

variable "domain_name" {
  description = "Domain name under which users reach the application."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", var.domain_name)) && length(var.domain_name) <= 62
    error_message = "The domain name must be a full name such as www.example.com, in lower case, at most 62 characters, without a wildcard and without a trailing dot."
  }

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]*[a-z0-9])?\\.)+[a-z]{2,}$", var.domain_name))
    error_message = "The domain name is a full name in lower case without a trailing dot, for example www.example.com."
  }
}

variable "hosted_zone_id" {
  description = "Route53 hosted zone of the domain name."
  type        = string

  validation {
    condition     = can(regex("^Z[A-Z0-9]{7,31}$", var.hosted_zone_id))
    error_message = "The hosted zone is given by its id, Z and 7 to 31 more capital letters and digits, such as Z0123456789ABCDEFGHIJ."
  }
}

variable "image_tag" {
  description = "Tag of the image to run, best the commit it was built from."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$", var.image_tag)) && var.image_tag != "latest" # notes 13: The tag name latest is not used
    error_message = "The tag must be up to 128 letters, digits, underscores, periods and hyphens, begin with none of the last two, and not be latest, which says nothing about what runs."
  }
}

variable "container_port" {
  description = "Port on which the container listens."
  type        = number
  default     = 80 # notes 10-03: the container listens on port 80

  validation {
    condition     = var.container_port >= 1 && var.container_port <= 65535
    error_message = "The container port must be a port number from 1 to 65535."
  }
}

variable "vpc_cidr" {
  description = "IPv4 range of the VPC. It must not overlap a network that this VPC may ever be joined with."
  type        = string
  default     = "10.200.48.0/23" # notes 33: a /23 of 512 addresses is enough in practice

  validation {
    condition     = can(regex("^(10|172\\.(1[6-9]|2[0-9]|3[01])|192\\.168)\\..*/(1[6-9]|2[0-4])$", var.vpc_cidr)) && try(cidrhost(var.vpc_cidr, 0) == split("/", var.vpc_cidr)[0], false)
    error_message = "The range must be the first address of a private block and a prefix length from 16 to 24, such as 10.200.48.0/23."
  }

  validation {
    condition     = can(regex("^(10|172\\.(1[6-9]|2[0-9]|3[01])|192\\.168)\\.", var.vpc_cidr == null ? "10.200.48.0/23" : var.vpc_cidr)) && try(cidrhost(var.vpc_cidr == null ? "10.200.48.0/23" : var.vpc_cidr, 0) == split("/", var.vpc_cidr == null ? "10.200.48.0/23" : var.vpc_cidr)[0], false)
    error_message = "cidr must be the first address of a block within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16 and a prefix length, such as 10.200.48.0/23."
  }

  validation {
    condition     = can(regex("/(1[6-9]|2[0-4])$", var.vpc_cidr == null ? "10.200.48.0/23" : var.vpc_cidr))
    error_message = "cidr must have a prefix length of 16 to 24: AWS allows nothing larger than /16, and below /24 the public subnets get smaller than the /27 that a load balancer needs."
  }
}

variable "maintenance_window" {
  description = "Weekly maintenance window of the data stores, in UTC and outside the weekend of Japan."
  type        = string
  default     = "mon:18:00-mon:19:00" # notes 22: Tuesday 03:00 to 04:00 in Japan

  validation {
    # From Friday 15:00 to Sunday 15:00 in UTC it is Saturday or Sunday in Japan.
    condition     = can(regex("^((mon|tue|wed|thu):([01][0-9]|2[0-3])|fri:(0[0-9]|1[0-4])|sun:(1[5-9]|2[0-3])):[0-5][0-9]-((mon|tue|wed|thu):([01][0-9]|2[0-3])|fri:(0[0-9]|1[0-4])|sun:(1[5-9]|2[0-3])):[0-5][0-9]$", var.maintenance_window))
    error_message = "The window must look like mon:18:00-mon:19:00, in UTC, and lie outside the weekend of Japan, which is fri:15:00 to sun:15:00 in UTC."
  }

  validation {
    condition     = can(regex("^(sun|mon|tue|wed|thu|fri|sat):([01][0-9]|2[0-3]):[0-5][0-9]-(sun|mon|tue|wed|thu|fri|sat):([01][0-9]|2[0-3]):[0-5][0-9]$", var.maintenance_window))
    error_message = "The window must be a day and time to a day and time in UTC, such as mon:18:00-mon:19:00."
  }
}

variable "deletion_protection" {
  description = "Whether the load balancer and the database refuse to be deleted."
  type        = bool
  default     = true # notes 22-02: deleting the cluster deletes its volume
}

variable "log_retention_days" {
  description = "Days for which logs are kept."
  type        = number
  default     = 365 # why: a fault or an attack is often found months later, and auditors ask for a year

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "Logs must be kept for a number of days that CloudWatch Logs offers, such as 7, 14, 30, 90, 180, 365 or 731."
  }

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days == null ? 90 : var.log_retention_days)
    error_message = "flow_log_retention_days must be a period that CloudWatch Logs offers: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653 days."
  }

  validation {
    condition     = (var.log_retention_days == null ? 365 : var.log_retention_days) >= 1 && floor(var.log_retention_days == null ? 365 : var.log_retention_days) == (var.log_retention_days == null ? 365 : var.log_retention_days)
    error_message = "retention_days must be a whole number of days, 1 or more."
  }
}

variable "network_endpoint_services" {
  description = "AWS services with an interface endpoint, by the last part of the endpoint service's name. S3 has its own gateway endpoint."
  type        = set(string)
  default = [
    "ecr.api",        # notes 14-03: image manifests
    "ecr.dkr",        # notes 14-03: image pulls
    "logs",           # notes 14-03: container logs
    "secretsmanager", # why: tasks read the database password from Secrets Manager
    "ssm",            # notes 14-03: Parameter Store
    "ssmmessages",    # notes 14-03: ECS Exec
  ]
  nullable = false

  validation {
    condition     = alltrue([for service in var.network_endpoint_services : can(regex("^[a-z][a-z0-9.-]*$", service)) && !contains(["s3", "dynamodb"], service)])
    error_message = "endpoint_services must be names such as ecr.api, logs or sqs, without com.amazonaws. and the region, and without s3 and dynamodb, which use gateway endpoints."
  }
}

variable "waf_rate_limit" {
  description = "Number of requests that one address may send within five minutes."
  type        = number
  default     = 2000 # why: far above what people do, well below what floods a small service
  nullable    = false

  validation {
    condition     = var.waf_rate_limit >= 10 && var.waf_rate_limit <= 2000000000
    error_message = "The rate limit is a number of requests from 10 to 2000000000."
  }
}

variable "waf_managed_rule_groups" {
  description = "AWS managed rule groups, each in the mode count (only measure) or block. They are judged in the order of their names."
  type        = map(string)
  default = { # notes 34: measure first, then block
    AWSManagedRulesCommonRuleSet         = "count"
    AWSManagedRulesKnownBadInputsRuleSet = "count"
    AWSManagedRulesSQLiRuleSet           = "count"
  }
  nullable = false

  validation {
    condition     = alltrue([for mode in values(var.waf_managed_rule_groups) : contains(["count", "block"], mode)])
    error_message = "Each managed rule group is in the mode count or block."
  }
}

variable "load_balancer_health_check_path" {
  description = "Path that a healthy target answers with 200."
  type        = string
  default     = "/" # why: every web application answers there
  nullable    = false

  validation {
    condition     = startswith(var.load_balancer_health_check_path, "/")
    error_message = "The health check path starts with a slash, for example /health."
  }
}

variable "load_balancer_test_port" {
  description = "Port of the test listener, which shows the new version before users see it."
  type        = number
  default     = 8443 # why: the notes name no port; 8443 is the usual second port for HTTPS
  nullable    = false

  validation {
    condition     = var.load_balancer_test_port >= 1024 && var.load_balancer_test_port <= 65535
    error_message = "The test port is a port number from 1024 to 65535."
  }
}

variable "load_balancer_test_cidr_blocks" {
  description = "Addresses that may reach the test listener, as IPv4 or IPv6 CIDR blocks; those of the company."
  type        = list(string)
  default     = [] # why: nobody looks at an unreleased version until its owner says who
  nullable    = false

  validation {
    condition     = alltrue([for block in var.load_balancer_test_cidr_blocks : can(cidrhost(block, 0)) && !endswith(block, "/0")])
    error_message = "Each entry is a CIDR block such as 203.0.113.0/24, and not the whole internet."
  }
}

variable "cdn_price_class" {
  description = "Which edge locations serve the site."
  type        = string
  default     = "PriceClass_200" # notes 07: edge locations in Asia
  nullable    = false

  validation {
    condition     = contains(["PriceClass_100", "PriceClass_200", "PriceClass_All"], var.cdn_price_class)
    error_message = "The price class is PriceClass_100 (North America, Europe), PriceClass_200 (with Asia) or PriceClass_All."
  }
}

variable "cdn_static_path_patterns" {
  description = "Path patterns of static files. They are cached, without cookies and query strings."
  type        = list(string)
  default     = ["/assets/*", "/static/*"] # why: where web frameworks put built files; only what never differs by user belongs here
  nullable    = false

  validation {
    condition     = length(var.cdn_static_path_patterns) <= 24 && alltrue([for pattern in var.cdn_static_path_patterns : startswith(pattern, "/")])
    error_message = "There are at most 24 path patterns, and each starts with a slash, for example /assets/*."
  }
}

variable "service_cpu" {
  description = "CPU units of a task; 1024 are one virtual CPU."
  type        = number
  default     = 512 # notes 10-03: 512 units
  nullable    = false

  validation {
    condition     = contains([256, 512, 1024, 2048, 4096, 8192, 16384], var.service_cpu)
    error_message = "Fargate takes 256, 512, 1024, 2048, 4096, 8192 or 16384 CPU units."
  }
}

variable "service_memory" {
  description = "Memory of a task in MiB."
  type        = number
  default     = 1024 # notes 10-03: 1024 MiB
  nullable    = false

  validation {
    condition = contains(lookup({
      256   = [512, 1024, 2048]
      512   = range(1024, 4097, 1024)
      1024  = range(2048, 8193, 1024)
      2048  = range(4096, 16385, 1024)
      4096  = range(8192, 30721, 1024)
      8192  = range(16384, 61441, 4096)
      16384 = range(32768, 122881, 8192)
    }, var.service_cpu, []), var.service_memory) # notes 14-03: CPU limits the memory
    error_message = "Fargate ties the memory to the CPU units: 256 with 512, 1024 or 2048 MiB; 512 with 1 to 4 GiB; 1024 with 2 to 8; 2048 with 4 to 16; 4096 with 8 to 30; 8192 with 16 to 60 by 4; 16384 with 32 to 120 by 8."
  }
}

variable "service_scaling" {
  description = "Number of tasks (at the start, at least, at most), and the average use of CPU and memory that auto scaling aims at."
  type = object({
    desired        = optional(number, 4)
    min            = optional(number, 2)
    max            = optional(number, 6)
    cpu_percent    = optional(number, 40)
    memory_percent = optional(number, 70)
  })
  default  = {} # notes 14-03: 2 to 6 tasks around 40 % CPU
  nullable = false

  validation {
    condition     = var.service_scaling.min >= 1 && var.service_scaling.min <= var.service_scaling.desired && var.service_scaling.desired <= var.service_scaling.max
    error_message = "The numbers of tasks are in the order min <= desired <= max, and min is at least 1."
  }

  validation {
    condition = alltrue([
      var.service_scaling.cpu_percent >= 10 && var.service_scaling.cpu_percent <= 90,
      var.service_scaling.memory_percent >= 10 && var.service_scaling.memory_percent <= 90,
    ])
    error_message = "The average use to aim at is from 10 to 90 percent."
  }
}

variable "service_environment" {
  description = "Environment variables of the container that are no secrets."
  type        = map(string)
  default     = {} # why: only the application knows its variables
  nullable    = false

  validation {
    condition     = alltrue([for key in keys(var.service_environment) : can(regex("^[A-Za-z_][A-Za-z0-9_]*$", key))])
    error_message = "The name of an environment variable has letters, digits and underscores, and does not start with a digit."
  }
}

variable "service_secrets" {
  description = "Environment variables whose values stand in Parameter Store as /<name>/<VARIABLE>. Write them before a task needs them."
  type        = list(string)
  default     = [] # why: only the application knows its variables
  nullable    = false

  validation {
    condition     = alltrue([for key in var.service_secrets : can(regex("^[A-Za-z_][A-Za-z0-9_]*$", key))])
    error_message = "The name of an environment variable has letters, digits and underscores, and does not start with a digit."
  }
}

variable "service_health_check_grace_period" {
  description = "Seconds that a new task has until the checks of the load balancer count."
  type        = number
  default     = 600 # notes 14-03: 600 seconds behind a load balancer
  nullable    = false

  validation {
    condition     = var.service_health_check_grace_period >= 0 && var.service_health_check_grace_period <= 2147483647
    error_message = "The grace period is a number of seconds from 0 to 2147483647."
  }
}

variable "service_log_datetime_format" {
  description = "Date with which each log event starts, as a strftime pattern with escaped brackets. Null: every line is an event, as for JSON logs."
  type        = string
  default     = "\\[%Y-%m-%d %H:%M:%S\\]" # notes 10-03: keeps a stack trace in one event
}

variable "database_mysql_version" {
  description = "Version of Aurora MySQL; \"8.0\" alone follows its newest default."
  type        = string
  default     = "8.0.mysql_aurora.3.10.3" # why: 3.10 has long-term support, so upgrades are rare and planned

  validation {
    condition     = can(regex("^8\\.0(\\.mysql_aurora\\.3\\.[0-9]{2}\\.[0-9]+)?$", var.database_mysql_version))
    error_message = "The version must be 8.0, or a full version such as 8.0.mysql_aurora.3.10.3."
  }
}

variable "database_instance_class" {
  description = "Class of the database instances."
  type        = string
  default     = "db.t4g.medium" # notes 22-02: a burstable class

  validation {
    condition     = can(regex("^db\\.[a-z][a-z0-9]*\\.(medium|([0-9]+x)?large)$", var.database_instance_class))
    error_message = "The class must be one for Aurora of at least medium size, such as db.t4g.medium or db.r7g.large."
  }
}

variable "database_instance_count" {
  description = "Number of database instances: one writer, the others are readers that it fails over to."
  type        = number
  default     = 2 # notes 22-02: a replica in another zone

  validation {
    condition     = var.database_instance_count >= 1 && var.database_instance_count <= 16 && floor(var.database_instance_count) == var.database_instance_count
    error_message = "The number of instances must be a whole number from 1 to 16."
  }
}

variable "database_backup_retention_days" {
  description = "Days for which automatic backups are kept."
  type        = number
  default     = 7 # notes 22-02: keep backups for 7 days

  validation {
    condition     = var.database_backup_retention_days >= 1 && var.database_backup_retention_days <= 35 && floor(var.database_backup_retention_days) == var.database_backup_retention_days
    error_message = "Backups must be kept for a whole number of days from 1 to 35."
  }
}

variable "database_auto_minor_version_upgrade" {
  description = "Whether minor versions are upgraded automatically; set the version to its major part then."
  type        = bool
  default     = false # notes 22-02: on in development only
}

variable "database_parameters" {
  description = "Dynamic cluster parameters by name, over or beside those set here."
  type        = map(string)
  default     = {} # why: the values set in the code stand unless one is changed here

  validation {
    condition     = alltrue([for name in keys(var.database_parameters) : can(regex("^[a-z][a-z0-9_.]*$", name))])
    error_message = "The names of parameters must be lower-case letters, digits, dots and underscores, such as max_connections."
  }
}

variable "cache_redis_version" {
  description = "Version of Redis OSS, major and minor."
  type        = string
  default     = "7.1" # why: the last Redis OSS that ElastiCache offers

  validation {
    condition     = can(regex("^[67]\\.[0-9]$", var.cache_redis_version)) # notes 16-02: no open version
    error_message = "The version must name major and minor version, such as 6.2 or 7.1; an open one such as 6.x would be upgraded by itself."
  }
}

variable "cache_node_type" {
  description = "Type of the cache nodes."
  type        = string
  default     = "cache.t4g.small" # why: enough for sessions and query results of a small site

  validation {
    condition     = can(regex("^cache\\.[a-z][a-z0-9]*\\.(micro|small|medium|([0-9]+x)?large)$", var.cache_node_type))
    error_message = "The type must be one of ElastiCache, such as cache.t4g.small or cache.r7g.large."
  }
}

variable "cache_replica_count" {
  description = "Number of read replicas beside the primary; with at least one, it fails over to another zone."
  type        = number
  default     = 1 # notes 16-02: one replica in another zone

  validation {
    condition     = var.cache_replica_count >= 0 && var.cache_replica_count <= 5 && floor(var.cache_replica_count) == var.cache_replica_count
    error_message = "The number of replicas must be a whole number from 0 to 5."
  }
}

variable "cache_snapshot_retention_days" {
  description = "Days for which daily snapshots are kept; 0 takes none."
  type        = number
  default     = 0 # notes 16-02: a cache is not worth backing up

  validation {
    condition     = var.cache_snapshot_retention_days >= 0 && var.cache_snapshot_retention_days <= 35 && floor(var.cache_snapshot_retention_days) == var.cache_snapshot_retention_days
    error_message = "Snapshots must be kept for a whole number of days from 0 to 35."
  }
}
