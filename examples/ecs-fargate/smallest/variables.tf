variable "name" {
  description = "Name of the system; every resource begins with it."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name)) && !can(regex("--|^(aws|ssm|sg-|internal-)", var.name))
    error_message = "The name must be 3 to 20 lower-case letters, digits and single hyphens, begin with a letter and not end with a hyphen. AWS keeps names that begin with aws, ssm, sg- or internal- for itself."
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
    condition     = can(regex("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$", var.image_tag)) && var.image_tag != "latest" # notes 13: latest does not say what runs
    error_message = "The tag must be up to 128 letters, digits, underscores, periods and hyphens, begin with none of the last two, and not be latest."
  }
}

variable "container_port" {
  description = "Port on which the container listens."
  type        = number
  default     = 80 # notes 10-03: the usual port of a web server
  nullable    = false

  validation {
    condition     = var.container_port >= 1 && var.container_port <= 65535
    error_message = "The container port must be a port number from 1 to 65535."
  }
}

variable "vpc_cidr" {
  description = "IPv4 range of the VPC. It must not overlap a network that this VPC may ever be joined with."
  type        = string
  default     = "10.200.48.0/23" # notes 33: a /23 of 512 addresses is enough in practice
  nullable    = false

  validation {
    condition     = can(regex("^(10|172\\.(1[6-9]|2[0-9]|3[01])|192\\.168)\\..*/(1[6-9]|2[0-4])$", var.vpc_cidr)) && try(cidrhost(var.vpc_cidr, 0) == split("/", var.vpc_cidr)[0], false)
    error_message = "The range must be the first address of a private block and a prefix length from 16 to 24, such as 10.200.48.0/23."
  }
}

variable "deletion_protection" {
  description = "Whether the load balancer and the database refuse to be deleted."
  type        = bool
  default     = true # notes 22-02: deleting the cluster deletes its volume
  nullable    = false
}

variable "log_retention_days" {
  description = "Days for which logs are kept."
  type        = number
  default     = 365 # why: faults and attacks are often found months later; audits cover a year
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "Logs must be kept for a number of days that CloudWatch Logs offers, such as 7, 14, 30, 90, 180, 365 or 731."
  }
}

variable "load_balancer_health_check_path" {
  description = "Path that a healthy target answers with 200."
  type        = string
  default     = "/" # why: every web application answers there

  validation {
    condition     = startswith(var.load_balancer_health_check_path, "/")
    error_message = "The health check path starts with a slash, for example /health."
  }
}

variable "load_balancer_ingress_cidr_blocks" {
  description = "Addresses that may reach a load balancer on the internet, as IPv4 or IPv6 CIDR blocks."
  type        = list(string)
  default     = ["0.0.0.0/0", "::/0"] # notes 01: a public site admits every address

  validation {
    condition     = alltrue([for block in var.load_balancer_ingress_cidr_blocks : can(cidrhost(block, 0))])
    error_message = "Each entry is a CIDR block such as 203.0.113.0/24 or 2001:db8::/32."
  }
}

variable "service_size" {
  description = "CPU units of a task, of which 1024 are one virtual CPU, and its memory in MiB."
  type        = object({ cpu = number, memory = number })
  default     = { cpu = 512, memory = 1024 } # notes 10-03: half a virtual CPU and a GiB

  validation {
    condition = contains(lookup({
      256   = [512, 1024, 2048]
      512   = range(1024, 4097, 1024)
      1024  = range(2048, 8193, 1024)
      2048  = range(4096, 16385, 1024)
      4096  = range(8192, 30721, 1024)
      8192  = range(16384, 61441, 4096)
      16384 = range(32768, 122881, 8192)
    }, var.service_size.cpu, []), var.service_size.memory) # notes 14-03: Fargate has no other sizes
    error_message = "Fargate ties the memory to the CPU units: 256 with 512, 1024 or 2048 MiB; 512 with 1 to 4 GiB; 1024 with 2 to 8; 2048 with 4 to 16; 4096 with 8 to 30; 8192 with 16 to 60 by 4; 16384 with 32 to 120 by 8."
  }
}

variable "service_scaling" {
  description = "Number of tasks: at the start, at least and at most. In between it follows the load."
  type        = object({ desired = number, min = number, max = number })
  default     = { desired = 4, min = 2, max = 6 } # notes 14-03: 4 tasks at the start, then 2 to 6

  validation {
    condition     = var.service_scaling.min >= 1 && var.service_scaling.min <= var.service_scaling.desired && var.service_scaling.desired <= var.service_scaling.max
    error_message = "The numbers of tasks are in the order min <= desired <= max, and min is at least 1."
  }
}

variable "service_environment" {
  description = "Environment variables of the container that are no secrets."
  type        = map(string)
  default     = {} # why: only the application knows its variables
}

variable "service_secrets" {
  description = "Environment variables whose values stand in Parameter Store as /<name>/<VARIABLE>. Write them before a task needs them."
  type        = list(string)
  default     = [] # why: only the application knows its variables

  validation {
    condition     = alltrue([for key in concat(keys(var.service_environment), var.service_secrets) : can(regex("^[A-Za-z_][A-Za-z0-9_]*$", key))]) && length(setintersection(keys(var.service_environment), var.service_secrets)) == 0
    error_message = "The name of an environment variable has letters, digits and underscores and does not start with a digit, and no variable is both a plain one and a secret."
  }
}
