variable "name" {
  description = "Name of the system, and prefix of every resource name."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name)) && !can(regex("--|^(aws|ssm|sg-|internal-)", var.name))
    error_message = "The name must be 3 to 20 lower-case letters, digits and single hyphens, start with a letter and not end with a hyphen. AWS reserves names that start with aws, ssm, sg- or internal-."
  }
}

variable "log_retention_days" {
  description = "Retention of the logs, in days."
  type        = number
  default     = 365 # why: faults and attacks are often found months later; audits cover a year
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "The retention must be a number of days that CloudWatch Logs supports, such as 7, 14, 30, 90, 180, 365 or 731."
  }
}

variable "deletion_protection" {
  description = "Protect the load balancer and the database from deletion."
  type        = bool
  default     = true # notes aurora.deletion-protection: on, because deleting the cluster deletes its volume
  nullable    = false
}

variable "disposable" {
  description = "Let destroy delete everything: data without a final snapshot, files in buckets, images. For short-lived environments."
  type        = bool
  default     = false # why: what is destroyed by mistake must be recoverable
  nullable    = false

  validation {
    condition     = !var.disposable || !var.deletion_protection
    error_message = "disposable needs deletion_protection = false: protected resources cannot be deleted."
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

variable "vpc_cidr" {
  description = "IPv4 range of the VPC. It must not overlap any network that this VPC may ever be connected to."
  type        = string
  default     = "10.200.48.0/23" # notes vpc.cidr-prefix-length, vpc.cidr-next-free-block: a /23, about 512 addresses, is enough in practice
  nullable    = false

  validation {
    condition     = can(regex("^(10|172\\.(1[6-9]|2[0-9]|3[01])|192\\.168)\\..*/(1[6-9]|2[0-8])$", var.vpc_cidr)) && try(cidrhost(var.vpc_cidr, 0) == split("/", var.vpc_cidr)[0], false)
    error_message = "The range must be the first address of a block in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, with a prefix length from 16 to 28 (65536 to 16 addresses), such as 10.200.48.0/23."
  }
}

variable "alarm_emails" {
  description = "E-mail addresses for alarms. Each one must first confirm its subscription."
  type        = list(string)
  default     = [] # why: only you know who is on call; other subscriptions to the topic are possible too
  nullable    = false

  validation {
    condition     = alltrue([for address in var.alarm_emails : can(regex("^[^@ ]+@[^@ ]+[.][^@ ]+$", address))])
    error_message = "Each entry must be an e-mail address."
  }
}

variable "alarm_thresholds" {
  description = "Thresholds that override the module's own, by subject and metric, such as { \"database-DatabaseConnections\" = 800 }."
  type        = map(number)
  default     = {} # why: the module's own suit a small system; look at a few weeks of graphs first
  nullable    = false
}

variable "image_tag" {
  description = "Tag of the image to run, ideally the commit it was built from. Empty while there is no image, as during the first apply; then no task starts. It has no default, so that no apply removes the image by mistake."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^([A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?$", var.image_tag)) && var.image_tag != "latest" # notes ecr.no-latest-tag, ecr.hash-tag: latest does not say what is running
    error_message = "The tag must be empty, or up to 128 letters, digits, underscores, periods and hyphens, must not start with a period or hyphen, and must not be latest."
  }
}

variable "container_port" {
  description = "Port on which the container listens."
  type        = number
  default     = 80 # notes codedeploy.appspec-container-port: port 80
  nullable    = false

  validation {
    condition     = var.container_port >= 1 && var.container_port <= 65535
    error_message = "The container port must be from 1 to 65535."
  }
}

variable "service_scaling" {
  description = "Number of tasks: initial, minimum and maximum. Within these limits it follows the load."
  type        = object({ desired = number, min = number, max = number })
  default     = { desired = 4, min = 2, max = 6 } # notes ecs-fargate.autoscaling-example-values, ecs-fargate.desired-count-example: 4 tasks at the start, then 2 to 6
  nullable    = false

  validation {
    condition     = var.service_scaling.min >= 1 && var.service_scaling.min <= var.service_scaling.desired && var.service_scaling.desired <= var.service_scaling.max
    error_message = "The numbers of tasks must satisfy 1 <= min <= desired <= max."
  }
}

variable "service_secrets" {
  description = "Environment variables whose values are secret: null for the parameter /<name>/<VARIABLE>, or the ARN of another parameter or of a secret in Secrets Manager, followed by :<key>:: to select one key. Store the values before a task needs them."
  type        = map(string)
  default     = {} # why: only the application knows its variables
  nullable    = false

  validation {
    condition     = alltrue([for key in concat(keys(var.service_environment), keys(var.service_secrets)) : can(regex("^[A-Za-z_][A-Za-z0-9_]*$", key))]) && length(setintersection(keys(var.service_environment), keys(var.service_secrets))) == 0
    error_message = "The name of an environment variable must consist of letters, digits and underscores and not start with a digit, and no variable can be both plain and secret."
  }

  validation {
    condition     = alltrue([for arn in values(var.service_secrets) : arn == null ? true : can(regex("^arn:[^:]+:(ssm:[^:]+:[0-9]{12}:parameter/.+|secretsmanager:[^:]+:[0-9]{12}:secret:[^:]+(:[^:]*:[^:]*:[^:]*)?)$", arn))])
    error_message = "A secret must be null, the ARN of a parameter, or the ARN of a secret, which may be followed by :<key>:<stage>:<version>, each of which may be empty."
  }
}

variable "service_architecture" {
  description = "CPU architecture of the tasks: X86_64, or ARM64, which costs a fifth less. The images must be built for it."
  type        = string
  default     = "X86_64" # why: most images and build machines still use it
  nullable    = false

  validation {
    condition     = contains(["X86_64", "ARM64"], var.service_architecture)
    error_message = "The architecture must be X86_64 or ARM64."
  }
}

variable "deployment_alarms" {
  description = "Names of CloudWatch alarms that stop and roll back a deployment when they fire. Empty for none; null for the load balancer alarms that this module creates for blue/green deployments."
  type        = list(string)
  default     = null # why: a rolling update has a circuit breaker; blue/green has no other check for a bad version
}

variable "hosted_zone_id" {
  description = "Route53 hosted zone of the domain name."
  type        = string

  validation {
    condition     = can(regex("^Z[A-Z0-9]{7,31}$", var.hosted_zone_id))
    error_message = "The hosted zone must be named by its ID, Z followed by 7 to 31 capital letters and digits, such as Z0123456789ABCDEFGHIJ."
  }
}

variable "other_cidrs" {
  description = "IPv4 ranges of the company's other networks. The VPC must not overlap any of them."
  type        = list(string)
  default     = [] # why: only the company knows its networks
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.other_cidrs : can(cidrnetmask(cidr))])
    error_message = "Each range must be an IPv4 block such as 10.200.46.0/23."
  }
}

variable "subnet_weights" {
  description = "Each tier's share of the VPC's addresses. Changing it replaces subnets."
  type        = object({ app = number, public = number, datastore = number })
  # why: powers of two leave no gaps
  default  = { app = 4, public = 2, datastore = 1 } # notes vpc.subnet-sizes: larger for the app, smaller for data
  nullable = false

  validation {
    condition     = var.subnet_weights.app >= var.subnet_weights.public && var.subnet_weights.public >= var.subnet_weights.datastore && var.subnet_weights.datastore > 0
    error_message = "The weights must satisfy app >= public >= datastore > 0, such as 4, 2, 1, or 1, 1, 1 for subnets of equal size."
  }
}

variable "excluded_zone_ids" {
  description = "IDs of zones to exclude, such as use1-az3. Existing subnets stay where they are."
  type        = list(string)
  default     = ["use1-az3", "usw1-az2", "apne1-az3", "apne2-az1", "cac1-az3"] # why: CloudFront has no VPC origins there, https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html#vpc-origins-supported-regions
  nullable    = false
}

variable "extra_endpoints" {
  description = "Other AWS services that the application calls, by the name of their endpoint, such as sqs, kms or dynamodb."
  type        = list(string)
  default     = [] # why: endpoints are billed by the hour, and only the application knows what it calls
  nullable    = false

  validation {
    condition     = length(setintersection(var.extra_endpoints, ["s3", "ecr.api", "ecr.dkr", "logs", "ssm"])) == 0
    error_message = "These services have their endpoints already: s3, ecr.api, ecr.dkr, logs, ssm."
  }
}

variable "trusted_account_ids" {
  description = "Other accounts whose buckets and roles may be used through the endpoints."
  type        = list(string)
  default     = [] # why: data should leave the account only on purpose
  nullable    = false
}

variable "load_balancer_health_check_path" {
  description = "Path that the health check requests."
  type        = string
  default     = "/" # why: every web application responds to it

  validation {
    condition     = startswith(var.load_balancer_health_check_path, "/")
    error_message = "The health check path must start with a slash, for example /health."
  }
}

variable "load_balancer_health_check_codes" {
  description = "HTTP codes of a healthy target: codes, ranges or both, such as 200,301-302."
  type        = string
  default     = "200" # why: a redirect does not prove that an application works
  nullable    = false

  validation {
    condition     = can(regex("^[23][0-9]{2}(-[23][0-9]{2})?(,[23][0-9]{2}(-[23][0-9]{2})?)*$", var.load_balancer_health_check_codes))
    error_message = "The codes must be from 200 to 399, such as 200, 200-299 or 200,302: an error does not indicate health."
  }
}

variable "load_balancer_ingress_cidr_blocks" {
  description = "Addresses that may reach a load balancer on the internet, as CIDR blocks: 0.0.0.0/0 and, with IPv6, ::/0 for a public site, the company's addresses, such as 203.0.113.7/32, for an internal one. It has no default, because only the owner of the site knows who its users are."
  type        = list(string)
  nullable    = false

  # notes alb.sg-public-ingress, alb.sg-in-house-ingress, security-group.alb-without-cloudfront: all addresses for a public site, otherwise those of its users
  validation {
    condition     = alltrue([for block in var.load_balancer_ingress_cidr_blocks : can(cidrnetmask(block))]) && length(var.load_balancer_ingress_cidr_blocks) >= 1 && length(var.load_balancer_ingress_cidr_blocks) <= 25
    error_message = "Give 1 to 25 CIDR blocks such as 203.0.113.0/24: each needs two of the 60 rules that a security group can have. The load balancer has no IPv6 address, so they must be IPv4."
  }
}

variable "alarm_log_pattern" {
  description = "CloudWatch Logs filter pattern for the lines of the application's log that trigger an alarm."
  type        = string
  # why: without warnings, which should wake nobody
  # notes cloudwatch-logs.filter-pattern-case: upper case and capitalised: patterns are case-sensitive; departs from notes cloudwatch-logs.filter-pattern-level-colon, cloudwatch-logs.filter-pattern-levels
  # notes cloudwatch-logs.filter-pattern-colon: the colon excludes names of files and methods
  default  = "?\"ERROR:\" ?\"Error:\" ?\"CRITICAL:\" ?\"Critical:\" ?\"EMERGENCY:\" ?\"Emergency:\" ?\"ALERT:\" ?\"Alert:\""
  nullable = false

  validation {
    condition     = !alltrue([for sign in ["[?]", "-"] : can(regex("(^|\\s)${sign}", replace(var.alarm_log_pattern, "/\"[^\"]*\"/", "")))]) # notes cloudwatch-logs.no-or-with-exclude: the alternatives would be ignored
    error_message = "A pattern can have alternatives (?term) or exclusions (-term), not both: CloudWatch ignores the alternatives and counts every line that is not excluded."
  }
}

variable "service_size" {
  description = "CPU units of a task (1024 are one virtual CPU), and its memory in MiB."
  type        = object({ cpu = number, memory = number })
  default     = { cpu = 512, memory = 1024 } # notes codedeploy.taskdef-cpu, codedeploy.taskdef-memory: 512 units and 1024 MiB

  validation {
    condition = contains(lookup({
      256   = [512, 1024, 2048]
      512   = range(1024, 4097, 1024)
      1024  = range(2048, 8193, 1024)
      2048  = range(4096, 16385, 1024)
      4096  = range(8192, 30721, 1024)
      8192  = range(16384, 61441, 4096)
      16384 = range(32768, 122881, 8192)
    }, var.service_size.cpu, []), var.service_size.memory) # notes ecs-fargate.task-cpu-memory-combination: memory sizes depend on the CPU
    error_message = "Fargate supports these combinations of CPU units and memory: 256 with 512, 1024 or 2048 MiB; 512 with 1 to 4 GiB; 1024 with 2 to 8; 2048 with 4 to 16; 4096 with 8 to 30; 8192 with 16 to 60 by 4; 16384 with 32 to 120 by 8."
  }
}

variable "service_scaling_policy" {
  description = "Auto scaling targets: percent of CPU, percent of memory, requests per task per minute, null for none; and cooldowns in seconds."
  type = object({
    cpu                = optional(number, 40)  # notes ecs-fargate.autoscaling-example-values: 40 % of CPU
    memory             = optional(number, 70)  # why: memory does not drop with the load as CPU does
    requests           = optional(number)      # why: only a load test shows how many requests a task can handle
    scale_out_cooldown = optional(number, 60)  # why: about the time that a task takes to start
    scale_in_cooldown  = optional(number, 300) # why: scaling in slowly avoids oscillation
  })
  default  = {} # why: 40 % of CPU, as in the notes, and 70 % of memory
  nullable = false

  validation {
    condition = alltrue([
      var.service_scaling_policy.cpu == null ? true : var.service_scaling_policy.cpu >= 10 && var.service_scaling_policy.cpu <= 90,
      var.service_scaling_policy.memory == null ? true : var.service_scaling_policy.memory >= 10 && var.service_scaling_policy.memory <= 90,
    ])
    error_message = "The targets for CPU and memory must be percentages from 10 to 90."
  }

  validation {
    condition     = var.service_scaling_policy.cpu != null || var.service_scaling_policy.memory != null || var.service_scaling_policy.requests != null
    error_message = "At least one of cpu, memory and requests must have a target."
  }

  validation {
    condition     = min(var.service_scaling_policy.scale_out_cooldown, var.service_scaling_policy.scale_in_cooldown) >= 30 && var.service_scaling_policy.scale_out_cooldown <= 900 && var.service_scaling_policy.scale_in_cooldown <= 3600 # notes ecs-fargate.scale-out-cooldown-balance: neither too short nor too long
    error_message = "The cooldown must be from 30 to 900 seconds for scaling out and up to 3600 for scaling in: a shorter one adds tasks before the first ones help; a longer one reacts too late."
  }
}

variable "service_health_check_command" {
  description = "Shell command with exit status 0 if the container is healthy, such as \"curl -f http://localhost/ || exit 1\". It runs inside the container. Null for none."
  type        = string
  default     = null # why: the load balancer already checks, and images often have no curl
}

variable "service_environment" {
  description = "Environment variables of the container that are not secret. They take precedence over those of the data stores."
  type        = map(string)
  default     = {} # why: only the application knows its variables
}

variable "service_ephemeral_storage" {
  description = "Ephemeral storage of a task in GiB, for its images and volumes, 21 to 200. Null for the free 20 GiB."
  type        = number
  default     = null # why: most tasks need no more

  validation {
    condition     = var.service_ephemeral_storage == null ? true : var.service_ephemeral_storage >= 21 && var.service_ephemeral_storage <= 200
    error_message = "The ephemeral storage must be from 21 to 200 GiB."
  }
}

variable "service_user" {
  description = "User that the container runs as, such as 1000 or 1000:1000. Null for the image's user."
  type        = string
  default     = null # why: the image defines its user
}

variable "service_readonly_root" {
  description = "Make the container's root file system read-only, except for service_writable_paths. If ECS Exec sessions do not open, try it without: AWS supports sessions only on a writable root."
  type        = bool
  default     = true # why: an attacker cannot change the program
  nullable    = false
}

variable "service_writable_paths" {
  description = "Directories that the container may write to as any user, with their size in MiB. They are in memory, count towards the task's memory, start empty and are lost with the task."
  type        = map(number)
  default     = { "/tmp" = 64 } # why: the directory that almost every program writes to
  nullable    = false

  validation {
    condition     = alltrue([for path, size in var.service_writable_paths : startswith(path, "/") && path != "/" && size >= 1]) && sum(concat([0], values(var.service_writable_paths))) <= var.service_size.memory / 2
    error_message = "A writable directory must be an absolute path other than / with a size of at least 1 MiB, and together they may use at most half of the task's memory."
  }
}

variable "service_log_datetime_format" {
  description = "Format of the date at the start of a log event, such as \\\\[%Y-%m-%d %H:%M:%S\\\\]; lines without one belong to the previous event. Null makes every line an event, as JSON logs need."
  type        = string
  default     = null # why: with a format that does not match, all lines end up in one event

  validation {
    condition     = var.service_log_datetime_format == null ? true : !can(regex("(^|[^\\\\])\\[", var.service_log_datetime_format)) # notes ecs-fargate.awslogs-datetime-format-escaping: a regular expression, so brackets need a backslash; departs from notes ecs-fargate.awslogs-datetime-format
    error_message = "The driver turns the format into a regular expression: put a backslash in front of a bracket."
  }
}

variable "service_scheduled_scaling" {
  description = "Scheduled minimum and maximum number of tasks, by name: cron(...), rate(...) or at(...), and its time zone. An apply in between restores the limits of scaling until the next scheduled time."
  type        = map(object({ schedule = string, time_zone = string, min = number, max = number }))
  default     = {} # why: only its owner knows when an application is idle
  nullable    = false

  validation {
    condition     = alltrue([for action in values(var.service_scheduled_scaling) : can(regex("^(cron|rate|at)\\(.+\\)$", action.schedule)) && action.min >= 0 && action.min <= action.max])
    error_message = "A schedule must be cron(...), rate(...) or at(...), and its numbers of tasks must satisfy 0 <= min <= max."
  }
}
