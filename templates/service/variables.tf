variable "name" {
  description = "Name of the cluster, the service and the task definition, and prefix of related resources and parameters."
  type        = string
}

variable "aws_provider" {
  description = "Major version of the AWS provider the code is for, 6 or 5."
  type        = string
  default     = "6" # why: only version 6 supports ECS blue/green deployments
  nullable    = false

  validation {
    condition     = contains(["6", "5"], var.aws_provider)
    error_message = "The major version of the AWS provider must be \"6\" or \"5\"."
  }
}

variable "deployment" {
  description = "Deployment strategy: rolling, blue-green (by ECS, needs version 6 of the AWS provider), or codedeploy (blue/green by CodeDeploy)."
  type        = string
  default     = "rolling" # why: needs no second target group and no test listener
  nullable    = false

  validation {
    condition     = contains(["rolling", "blue-green", "codedeploy"], var.deployment)
    error_message = "The deployment must be rolling, blue-green or codedeploy."
  }

  validation {
    condition     = var.deployment != "blue-green" || var.aws_provider == "6"
    error_message = "The blue-green strategy needs version 6 of the AWS provider: version 5 does not support ECS deployment strategies."
  }
}

variable "external_deployment" {
  description = "Let a pipeline deploy new task definitions; Terraform then ignores the running one."
  type        = bool
  default     = false # why: without a pipeline only Terraform deploys a new image tag
  nullable    = false
}

variable "deployment_alarms" {
  description = "Names of CloudWatch alarms that stop and roll back a deployment when they fire. Empty for none; null for own_alarms."
  type        = list(string)
  default     = null # why: the system knows its alarms best
}

variable "own_alarms" {
  description = "Names of the system's own alarms that detect a bad deployment."
  type        = list(string)
  default     = [] # why: an alarm that fires for other reasons would stop every deployment
  nullable    = false
}

variable "service_connect" {
  description = "Put the service in a Service Connect namespace, to call other services of the system by name."
  type        = bool
  default     = false # why: a single service has no others to call
  nullable    = false
}

variable "sidecars" {
  description = "Sidecar containers: none, firelens (Fluent Bit routes the logs), datadog (its agent) or both."
  type        = string
  default     = "none" # why: CloudWatch collects logs and metrics without them
  nullable    = false

  validation {
    condition     = contains(["none", "firelens", "datadog", "both"], var.sidecars)
    error_message = "The sidecars must be none, firelens, datadog or both."
  }

  validation {
    condition     = var.sidecars == "none" || var.outbound != "vpc-endpoints"
    error_message = "The images of sidecars are in public.ecr.aws, which no VPC endpoint reaches: outbound must be nat-gateway or both."
  }
}

variable "log_router_image" {
  description = "Image of the FireLens log router, with a fixed version."
  type        = string
  default     = "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.34.3.20260623" # why: a version that AWS calls stable; a moving tag would change tasks without a deployment
  nullable    = false
}

variable "datadog_agent_image" {
  description = "Image of the Datadog agent, with a fixed version."
  type        = string
  default     = "public.ecr.aws/datadog/agent:7.84.6" # why: the newest patch of October 2026; a moving tag would change tasks without a deployment
  nullable    = false
}

variable "datadog_site" {
  description = "Datadog site that the agent reports to."
  type        = string
  default     = "datadoghq.com" # why: Datadog's default site
  nullable    = false
}

variable "autoscaling" {
  description = "Scale the number of tasks with the load."
  type        = bool
  default     = true # notes: ecs-fargate.target-tracking-policy the number of tasks follows a metric
  nullable    = false
}

variable "outbound" {
  description = "How tasks reach AWS services and the internet: vpc-endpoints, nat-gateway or both."
  type        = string
  default     = "vpc-endpoints" # notes: ecs-fargate.outbound-prefer-vpc-endpoint endpoints rather than NAT
  nullable    = false

  validation {
    condition     = contains(["vpc-endpoints", "nat-gateway", "both"], var.outbound)
    error_message = "The outbound path must be vpc-endpoints, nat-gateway or both."
  }
}

variable "subnet_ids" {
  description = "Private subnets of the tasks, at least two in different zones."
  type        = list(string)
}

variable "load_balancer_security_group_id" {
  description = "Security group of the load balancer. The rules between it and the tasks are created here, at both ends."
  type        = string
}

variable "target_group_arn" {
  description = "ARN of the target group for the tasks (blue)."
  type        = string
}

variable "alternate_target_group_arn" {
  description = "ARN of the second target group (green), for blue-green."
  type        = string
  default     = null # why: a rolling update needs one target group

  validation {
    condition     = var.deployment != "blue-green" || var.alternate_target_group_arn != null
    error_message = "The blue-green strategy needs a second target group."
  }
}

variable "production_listener_rule_arn" {
  description = "ARN of the listener rule for users, for blue-green."
  type        = string
  default     = null # why: a rolling update leaves the listeners alone

  validation {
    condition     = var.deployment != "blue-green" || var.production_listener_rule_arn != null
    error_message = "The blue-green strategy needs the listener rule for users."
  }
}

variable "test_listener_rule_arn" {
  description = "ARN of the listener rule for testers, for blue-green. Null for none."
  type        = string
  default     = null # why: a rolling update leaves the listeners alone
}

variable "given_network" {
  description = "True if the network is not created by this module. Then the rule that allows the tasks to reach its VPC endpoints is created here."
  type        = bool
  default     = false # why: a network created with the tasks allows them itself
  nullable    = false
}

variable "endpoint_security_group_id" {
  description = "Security group of the VPC endpoints. Null without endpoints."
  type        = string
  default     = null # why: not used without VPC endpoints

  validation {
    condition     = var.outbound == "nat-gateway" || var.given_network || var.endpoint_security_group_id != null # why: the network template has already checked it
    error_message = "Outbound access through VPC endpoints needs the endpoints' security group."
  }
}

variable "s3_prefix_list_id" {
  description = "Prefix list of the S3 gateway endpoint. Null without endpoints."
  type        = string
  default     = null # why: not used without VPC endpoints
}

variable "dynamodb_prefix_list_ids" {
  description = "Prefix list of the DynamoDB gateway endpoint. Empty without it."
  type        = list(string)
  default     = [] # why: only for an application that calls DynamoDB
  nullable    = false
}

variable "repository_url" {
  description = "URL of the ECR repository, without a tag."
  type        = string
}

variable "linked_secrets" {
  description = "Parameters of Parameter Store, by environment variable, that other components write: the hosts of the data stores."
  type        = map(string)
  default     = {} # why: without a database and a cache there are none
  nullable    = false
}

variable "files" {
  description = "Mount a file system that all tasks share."
  type        = bool
  default     = false # why: users' files belong in S3
  nullable    = false
}

variable "file_system_id" {
  description = "File system of the tasks, if files is true."
  type        = string
  default     = null # why: only with files
}

variable "file_access_point_id" {
  description = "Access point of the file system, if files is true."
  type        = string
  default     = null # why: only with files
}

variable "files_path" {
  description = "Where the containers see the shared files."
  type        = string
  default     = "/mnt/files" # why: outside the directories that images use
  nullable    = false

  validation {
    condition     = can(regex("^(/[A-Za-z0-9._-]+)+$", var.files_path))
    error_message = "The path must be absolute, such as /mnt/files, and not the root."
  }
}

variable "prerequisites" {
  description = "Resources that must exist before the first task starts and until the last one has stopped: routes, endpoints, rules of the data stores. Only the order matters, not the values."
  type        = any
  default     = [] # why: a standalone service needs nothing else
}

variable "security_group_id" {
  description = "Security group of the tasks."
  type        = string
}

variable "execution_role_name" {
  description = "Name of the role of the agent that starts the containers."
  type        = string
}

variable "execution_role_arn" {
  description = "ARN of the role of the agent that starts the containers."
  type        = string
}

variable "task_role_name" {
  description = "Name of the role of the application."
  type        = string
}

variable "task_role_arn" {
  description = "ARN of the role of the application."
  type        = string
}

variable "image_tag" {
  description = "Tag of the image to run. Empty while there is none: then no task starts."
  type        = string
  nullable    = false
}

variable "container_port" {
  description = "Port on which the container listens."
  type        = number
  default     = 80 # notes: codedeploy.appspec-container-port port 80
}

variable "size" {
  description = "CPU units of a task (1024 are one virtual CPU), and its memory in MiB."
  type        = object({ cpu = number, memory = number })
  default     = { cpu = 512, memory = 1024 } # notes: codedeploy.taskdef-cpu, codedeploy.taskdef-memory 512 units and 1024 MiB

  validation {
    condition = contains(lookup({
      256   = [512, 1024, 2048]
      512   = range(1024, 4097, 1024)
      1024  = range(2048, 8193, 1024)
      2048  = range(4096, 16385, 1024)
      4096  = range(8192, 30721, 1024)
      8192  = range(16384, 61441, 4096)
      16384 = range(32768, 122881, 8192)
    }, var.size.cpu, []), var.size.memory) # notes: ecs-fargate.task-cpu-memory-combination memory sizes depend on the CPU
    error_message = "Fargate supports these combinations of CPU units and memory: 256 with 512, 1024 or 2048 MiB; 512 with 1 to 4 GiB; 1024 with 2 to 8; 2048 with 4 to 16; 4096 with 8 to 30; 8192 with 16 to 60 by 4; 16384 with 32 to 120 by 8."
  }
}

variable "scaling" {
  description = "Number of tasks: initial, minimum and maximum. Within these limits it follows the load."
  type        = object({ desired = number, min = number, max = number })
  default     = { desired = 4, min = 2, max = 6 } # notes: ecs-fargate.autoscaling-example-values, ecs-fargate.desired-count-example 4 tasks at the start, then 2 to 6

  validation {
    condition     = var.scaling.min >= 1 && var.scaling.min <= var.scaling.desired && var.scaling.desired <= var.scaling.max
    error_message = "The numbers of tasks must satisfy 1 <= min <= desired <= max."
  }
}

variable "scaling_policy" {
  description = "Auto scaling targets: percent of CPU, percent of memory, requests per task per minute, null for none; and cooldowns in seconds."
  type = object({
    cpu                = optional(number, 40)  # notes: ecs-fargate.autoscaling-example-values 40 % of CPU
    memory             = optional(number, 70)  # why: memory does not drop with the load as CPU does
    requests           = optional(number)      # why: only a load test shows how many requests a task can handle
    scale_out_cooldown = optional(number, 60)  # why: about the time that a task takes to start
    scale_in_cooldown  = optional(number, 300) # why: scaling in slowly avoids oscillation
  })
  default  = {} # why: 40 % of CPU, as in the notes, and 70 % of memory
  nullable = false

  validation {
    condition     = alltrue([for target in [var.scaling_policy.cpu, var.scaling_policy.memory] : target == null ? true : target >= 10 && target <= 90])
    error_message = "The targets for CPU and memory must be percentages from 10 to 90."
  }

  validation {
    condition     = var.scaling_policy.cpu != null || var.scaling_policy.memory != null || var.scaling_policy.requests != null
    error_message = "At least one of cpu, memory and requests must have a target."
  }

  validation {
    condition     = var.deployment == "rolling" || var.scaling_policy.requests == null
    error_message = "Requests per task cannot be a target with blue/green deployments: the metric belongs to one target group, and the deployment moves to the other."
  }

  validation {
    condition     = min(var.scaling_policy.scale_out_cooldown, var.scaling_policy.scale_in_cooldown) >= 30 && var.scaling_policy.scale_out_cooldown <= 900 && var.scaling_policy.scale_in_cooldown <= 3600 # notes: ecs-fargate.scale-out-cooldown-balance neither too short nor too long
    error_message = "The cooldown must be from 30 to 900 seconds for scaling out and up to 3600 for scaling in: a shorter one adds tasks before the first ones help; a longer one reacts too late."
  }
}

variable "request_metric_label" {
  description = "Load balancer and target group for the metric of requests per task, as <load balancer suffix>/<target group suffix>. Null without a target for requests."
  type        = string
  default     = null # why: CPU and memory need none
}

variable "health_check_command" {
  description = "Shell command with exit status 0 if the container is healthy, such as \"curl -f http://localhost/ || exit 1\". It runs inside the container. Null for none."
  type        = string
  default     = null # why: the load balancer already checks, and images often have no curl
}

variable "linked_environment" {
  description = "Environment variables set by other components: ports, names and users of the data stores."
  type        = map(string)
  default     = {} # why: without a database and a cache there are none
  nullable    = false
}

variable "environment" {
  description = "Environment variables of the container that are not secret. They take precedence over those of the data stores."
  type        = map(string)
  default     = {} # why: only the application knows its variables
}

variable "secrets" {
  description = "Environment variables whose values are secret: null for the parameter /<name>/<VARIABLE>, or the ARN of another parameter or of a secret in Secrets Manager, followed by :<key>:: to select one key. Store the values before a task needs them."
  type        = map(string)
  default     = {} # why: only the application knows its variables
  nullable    = false

  validation {
    condition     = alltrue([for key in concat(keys(var.environment), keys(var.secrets)) : can(regex("^[A-Za-z_][A-Za-z0-9_]*$", key))]) && length(setintersection(keys(var.environment), keys(var.secrets))) == 0
    error_message = "The name of an environment variable must consist of letters, digits and underscores and not start with a digit, and no variable can be both plain and secret."
  }

  validation {
    condition     = alltrue([for arn in values(var.secrets) : arn == null ? true : can(regex("^arn:[^:]+:(ssm:[^:]+:[0-9]{12}:parameter/.+|secretsmanager:[^:]+:[0-9]{12}:secret:[^:]+(:[^:]*:[^:]*:[^:]*)?)$", arn))])
    error_message = "A secret must be null, the ARN of a parameter, or the ARN of a secret, which may be followed by :<key>:<stage>:<version>, each of which may be empty."
  }
}

variable "database_login" {
  description = "Let the application log in to its database with IAM."
  type        = bool
  default     = false # why: a standalone service has no database
  nullable    = false
}

variable "database_proxy" {
  description = "True if it connects to the database through RDS Proxy. The runbooks match it."
  type        = bool
  default     = false # why: a standalone service has no database
  nullable    = false
}

variable "database_resource_id" {
  description = "ID of the database, or of its proxy, in ARNs of its IAM users, such as cluster-ABCDEFGHIJKL."
  type        = string
  default     = null # why: a standalone service has no database
}

variable "database_user" {
  description = "Database user of the application."
  type        = string
  default     = null # why: a standalone service has no database
}

variable "architecture" {
  description = "CPU architecture of the tasks: X86_64, or ARM64, which costs a fifth less. The image must be built for it."
  type        = string
  default     = "X86_64" # why: most images and build machines still use it
  nullable    = false

  validation {
    condition     = contains(["X86_64", "ARM64"], var.architecture)
    error_message = "The architecture must be X86_64 or ARM64."
  }
}

variable "spot" {
  description = "Also run tasks on spare capacity (Fargate Spot)."
  type        = bool
  default     = false # why: AWS reclaims it with two minutes' notice
  nullable    = false

  validation {
    condition     = !var.spot || var.deployment != "codedeploy"
    error_message = "Fargate Spot needs the strategy rolling or blue-green: CodeDeploy starts tasks with a launch type."
  }
}

variable "spot_share" {
  description = "Percent of the tasks on spare capacity, beyond the first task."
  type        = number
  default     = 50 # why: half of them remain when AWS reclaims all spare capacity
  nullable    = false

  validation {
    condition     = var.spot_share >= 1 && var.spot_share <= 100
    error_message = "The share of spare capacity must be from 1 to 100 percent."
  }
}

variable "ephemeral_storage" {
  description = "Ephemeral storage of a task in GiB, for its images and volumes, 21 to 200. Null for the free 20 GiB."
  type        = number
  default     = null # why: most tasks need no more

  validation {
    condition     = var.ephemeral_storage == null ? true : var.ephemeral_storage >= 21 && var.ephemeral_storage <= 200
    error_message = "The ephemeral storage must be from 21 to 200 GiB."
  }
}

variable "user" {
  description = "User that the container runs as, such as 1000 or 1000:1000. Null for the image's user."
  type        = string
  default     = null # why: the image defines its user
}

variable "readonly_root" {
  description = "Make the container's root file system read-only, except for writable_paths. If ECS Exec sessions do not open, try it without: AWS supports sessions only on a writable root."
  type        = bool
  default     = true # why: an attacker cannot change the program
  nullable    = false
}

variable "writable_paths" {
  description = "Directories that the container may write to as any user, with their size in MiB. They are in memory, count towards the task's memory, start empty and are lost with the task."
  type        = map(number)
  default     = { "/tmp" = 64 } # why: the directory that almost every program writes to
  nullable    = false

  validation {
    condition     = alltrue([for path, size in var.writable_paths : startswith(path, "/") && path != "/" && size >= 1]) && sum(concat([0], values(var.writable_paths))) <= var.size.memory / 2
    error_message = "A writable directory must be an absolute path other than / with a size of at least 1 MiB, and together they may use at most half of the task's memory."
  }
}

variable "log_datetime_format" {
  description = "Format of the date at the start of a log event, such as \\\\[%Y-%m-%d %H:%M:%S\\\\]; lines without one belong to the previous event. Null makes every line an event, as JSON logs need."
  type        = string
  default     = null # why: with a format that does not match, all lines end up in one event

  validation {
    condition     = var.log_datetime_format == null ? true : !can(regex("(^|[^\\\\])\\[", var.log_datetime_format)) # notes: ecs-fargate.awslogs-datetime-format, ecs-fargate.awslogs-datetime-format-escaping a regular expression, so brackets need a backslash
    error_message = "The driver turns the format into a regular expression: put a backslash in front of a bracket."
  }
}

variable "scheduled_scaling" {
  description = "Scheduled minimum and maximum number of tasks, by name: cron(...), rate(...) or at(...), and its time zone. An apply in between restores the limits of scaling until the next scheduled time."
  type        = map(object({ schedule = string, time_zone = string, min = number, max = number }))
  default     = {} # why: only its owner knows when an application is idle
  nullable    = false

  validation {
    condition     = alltrue([for action in values(var.scheduled_scaling) : can(regex("^(cron|rate|at)\\(.+\\)$", action.schedule)) && action.min >= 0 && action.min <= action.max])
    error_message = "A schedule must be cron(...), rate(...) or at(...), and its numbers of tasks must satisfy 0 <= min <= max."
  }
}

variable "health_check_grace_period" {
  description = "Seconds that a new task has before the load balancer's health checks count."
  type        = number
  default     = 120 # why: most containers answer within a minute; with 600, a version that never does is noticed ten minutes later

  validation {
    condition     = var.health_check_grace_period >= 0 && var.health_check_grace_period <= 2147483647
    error_message = "The grace period must be from 0 to 2147483647 seconds."
  }
}

variable "execute_command" {
  description = "Allow people to open a shell in a container (ECS Exec)."
  type        = bool
  default     = false # why: a shell in production is an exception
  nullable    = false
}

variable "log_retention_days" {
  description = "Retention of the logs, in days."
  type        = number
  default     = 365 # why: faults and attacks are often found months later; audits cover a year
}
