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

variable "load_balancer_ingress_cidr_blocks" {
  description = "Addresses that may reach a load balancer that faces the internet, as IPv4 or IPv6 CIDR blocks. An internal one admits only CloudFront."
  type        = list(string)
  default     = ["0.0.0.0/0", "::/0"] # notes 01: a public site admits every address
  nullable    = false

  validation {
    condition     = alltrue([for block in var.load_balancer_ingress_cidr_blocks : can(cidrhost(block, 0))])
    error_message = "Each entry is a CIDR block such as 203.0.113.0/24 or 2001:db8::/32."
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
