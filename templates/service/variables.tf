variable "name" {
  description = "Name of the cluster, the service and the task definition, prefix of what belongs to them and of the parameters."
  type        = string
}

variable "aws_provider" {
  description = "Major version of the AWS provider the code is for, 6 or 5."
  type        = string
  default     = "6" # why: only version 6 knows the blue/green deployments of ECS
  nullable    = false

  validation {
    condition     = contains(["6", "5"], var.aws_provider)
    error_message = "The major version of the AWS provider is \"6\" or \"5\"."
  }
}

variable "deployment" {
  description = "How a new version comes out: rolling, blue-green by ECS itself (needs version 6 of the AWS provider), or codedeploy, which is blue/green by CodeDeploy."
  type        = string
  default     = "rolling" # why: needs no second target group and no test listener
  nullable    = false

  validation {
    condition     = contains(["rolling", "blue-green", "codedeploy"], var.deployment) # notes: ecs-fargate.deployment-type, codedeploy.ecs-methods rolling or blue/green
    error_message = "The deployment is rolling, blue-green or codedeploy."
  }

  validation {
    condition     = var.deployment != "blue-green" || var.aws_provider == "6"
    error_message = "The deployment blue-green needs version 6 of the AWS provider: version 5 does not know the deployment strategies of ECS."
  }
}

variable "external_deployment" {
  description = "Whether a pipeline deploys new task definitions, so that Terraform leaves the running one alone."
  type        = bool
  default     = false # why: without a pipeline nothing but Terraform deploys a new image tag
  nullable    = false
}

variable "deployment_alarms" {
  description = "Names of CloudWatch alarms that stop a deployment and roll it back when they go off. Empty for none; null for own_alarms."
  type        = list(string)
  default     = null # why: the system knows its alarms best
}

variable "own_alarms" {
  description = "Names of the alarms that the system makes and that judge a deployment."
  type        = list(string)
  default     = [] # why: an alarm that goes off for other reasons would stop every deployment
  nullable    = false
}

variable "service_connect" {
  description = "Whether the service is in a Service Connect namespace and calls other services of the system by name."
  type        = bool
  default     = false # why: a single service has nobody to call
  nullable    = false
}

variable "sidecars" {
  description = "Containers beside the application: none, firelens (Fluent Bit routes the logs), datadog (its agent) or both."
  type        = string
  default     = "none" # why: CloudWatch takes logs and metrics without them
  nullable    = false

  validation {
    condition     = contains(["none", "firelens", "datadog", "both"], var.sidecars)
    error_message = "The sidecars are none, firelens, datadog or both."
  }

  validation {
    condition     = var.sidecars == "none" || var.outbound != "vpc-endpoints"
    error_message = "The images of sidecars are in public.ecr.aws, which no VPC endpoint reaches: outbound must be nat-gateway or both."
  }
}

variable "log_router_image" {
  description = "Image of the FireLens log router, of a version that does not move."
  type        = string
  default     = "public.ecr.aws/aws-observability/aws-for-fluent-bit:2.34.3.20260623" # why: one that AWS calls stable; a tag that moves would change tasks without a deployment
  nullable    = false
}

variable "datadog_agent_image" {
  description = "Image of the Datadog agent, of a version that does not move."
  type        = string
  default     = "public.ecr.aws/datadog/agent:7.84.6" # why: the newest patch of October 2026; a tag that moves would change tasks without a deployment
  nullable    = false
}

variable "datadog_site" {
  description = "Datadog site that the agent reports to."
  type        = string
  default     = "datadoghq.com" # why: the site of an account that names no other
  nullable    = false
}

variable "autoscaling" {
  description = "Whether the number of tasks follows the load."
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
    error_message = "The way out is vpc-endpoints, nat-gateway or both."
  }
}

variable "subnet_ids" {
  description = "Private subnets of the tasks, at least two in different zones."
  type        = list(string)
}

variable "load_balancer_security_group_id" {
  description = "Security group of the load balancer. The rules between it and the tasks are made here, at both ends."
  type        = string
}

variable "target_group_arn" {
  description = "ARN of the target group that takes the tasks (blue)."
  type        = string
}

variable "alternate_target_group_arn" {
  description = "ARN of the second target group (green), for blue-green."
  type        = string
  default     = null # why: a rolling update needs one target group

  validation {
    condition     = var.deployment != "blue-green" || var.alternate_target_group_arn != null
    error_message = "The deployment blue-green needs a second target group."
  }
}

variable "production_listener_rule_arn" {
  description = "ARN of the listener rule for users, for blue-green."
  type        = string
  default     = null # why: a rolling update leaves the listeners alone

  validation {
    condition     = var.deployment != "blue-green" || var.production_listener_rule_arn != null
    error_message = "The deployment blue-green needs the listener rule for users."
  }
}

variable "test_listener_rule_arn" {
  description = "ARN of the listener rule for testers, for blue-green. Null for none."
  type        = string
  default     = null # why: a rolling update leaves the listeners alone
}

variable "given_network" {
  description = "Whether the network belongs to somebody else. Then the rule that admits the tasks to its VPC endpoints is made here."
  type        = bool
  default     = false # why: a network that is made beside the tasks admits them itself
  nullable    = false
}

variable "endpoint_security_group_id" {
  description = "Security group of the VPC endpoints. Null without endpoints."
  type        = string
  default     = null # why: with a NAT gateway alone there are no endpoints

  validation {
    condition     = var.outbound == "nat-gateway" || var.given_network || var.endpoint_security_group_id != null # why: whoever gives a network has checked it
    error_message = "The way out through VPC endpoints needs the security group of the endpoints."
  }
}

variable "s3_prefix_list_id" {
  description = "Prefix list of the S3 gateway endpoint. Null without endpoints."
  type        = string
  default     = null # why: with a NAT gateway alone there are no endpoints
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

variable "prerequisites" {
  description = "What must be there before the first task starts, and stay until the last has stopped: routes, endpoints, rules of the data stores. Only the order counts, not the values."
  type        = any
  default     = [] # why: a service on its own needs nothing else
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
  default     = 80 # notes: codedeploy.appspec-container-port the container listens on port 80
}

variable "size" {
  description = "CPU units of a task, of which 1024 are one virtual CPU, and its memory in MiB."
  type        = object({ cpu = number, memory = number })
  default     = { cpu = 512, memory = 1024 } # notes: codedeploy.taskdef-cpu, codedeploy.taskdef-memory half a virtual CPU and a GiB

  validation {
    condition = contains(lookup({
      256   = [512, 1024, 2048]
      512   = range(1024, 4097, 1024)
      1024  = range(2048, 8193, 1024)
      2048  = range(4096, 16385, 1024)
      4096  = range(8192, 30721, 1024)
      8192  = range(16384, 61441, 4096)
      16384 = range(32768, 122881, 8192)
    }, var.size.cpu, []), var.size.memory) # notes: ecs-fargate.task-cpu-memory-combination Fargate has no other sizes
    error_message = "Fargate ties the memory to the CPU units: 256 with 512, 1024 or 2048 MiB; 512 with 1 to 4 GiB; 1024 with 2 to 8; 2048 with 4 to 16; 4096 with 8 to 30; 8192 with 16 to 60 by 4; 16384 with 32 to 120 by 8."
  }
}

variable "scaling" {
  description = "Number of tasks: at the start, at least and at most. In between it follows the load."
  type        = object({ desired = number, min = number, max = number })
  default     = { desired = 4, min = 2, max = 6 } # notes: ecs-fargate.autoscaling-example-values, ecs-fargate.desired-count-example 4 tasks at the start, then 2 to 6

  validation {
    condition     = var.scaling.min >= 1 && var.scaling.min <= var.scaling.desired && var.scaling.desired <= var.scaling.max
    error_message = "The numbers of tasks are in the order min <= desired <= max, and min is at least 1."
  }
}

variable "scaling_policy" {
  description = "Targets that the number of tasks follows: percent of CPU, percent of memory, requests per task and minute, null for none; and the seconds from one change to the next."
  type = object({
    cpu                = optional(number, 40)  # notes: ecs-fargate.autoscaling-example-values leaves room for a rush
    memory             = optional(number, 70)  # why: memory does not fall with the load as CPU does
    requests           = optional(number)      # why: only a load test tells how many requests a task can take
    scale_out_cooldown = optional(number, 60)  # notes: ecs-fargate.scale-out-cooldown-balance, ecs-fargate.scale-out-cooldown about the time a task takes to start
    scale_in_cooldown  = optional(number, 300) # notes: ecs-fargate.scale-in-cooldown going down slowly does not swing
  })
  default  = {} # notes: ecs-fargate.autoscaling-example-values 40 % CPU, and 70 % memory
  nullable = false

  validation {
    condition     = alltrue([for target in [var.scaling_policy.cpu, var.scaling_policy.memory] : target == null ? true : target >= 10 && target <= 90])
    error_message = "The targets of CPU and memory are percentages from 10 to 90."
  }

  validation {
    condition     = var.scaling_policy.cpu != null || var.scaling_policy.memory != null || var.scaling_policy.requests != null
    error_message = "At least one of cpu, memory and requests must have a target, or nothing scales."
  }

  validation {
    condition     = var.deployment == "rolling" || var.scaling_policy.requests == null
    error_message = "Requests per task cannot be followed with blue/green deployments: the metric belongs to one target group, and the deployment moves to the other."
  }

  validation {
    condition     = min(var.scaling_policy.scale_out_cooldown, var.scaling_policy.scale_in_cooldown) >= 30 && var.scaling_policy.scale_out_cooldown <= 900 && var.scaling_policy.scale_in_cooldown <= 3600 # notes: ecs-fargate.scale-out-cooldown-balance neither too short nor too long
    error_message = "The cooldown is 30 to 900 seconds for scaling out and up to 3600 for scaling in: shorter, tasks are added before the first ones help; longer, the load is not relieved."
  }
}

variable "request_metric_label" {
  description = "Load balancer and target group of the metric of requests per task, as <suffix of the one>/<suffix of the other>. Null when no target for requests is given."
  type        = string
  default     = null # why: CPU and memory need none
}

variable "health_check_command" {
  description = "Shell command that tells by exit status 0 that the container is healthy, such as \"curl -f http://localhost/ || exit 1\". It runs inside the container. Null for none."
  type        = string
  default     = null # why: the load balancer checks already, and an image often has no curl
}

variable "linked_environment" {
  description = "Environment variables that other components give: ports, names and users of the data stores."
  type        = map(string)
  default     = {} # why: without a database and a cache there are none
  nullable    = false
}

variable "environment" {
  description = "Environment variables of the container that are no secrets. They win over those of the data stores."
  type        = map(string)
  default     = {} # why: only the application knows its variables
}

variable "secrets" {
  description = "Environment variables whose values are secret: null for the parameter /<name>/<VARIABLE>, or the ARN of another parameter or of a secret in Secrets Manager, with :<key>:: behind it for one key. Write the values before a task needs them."
  type        = map(string)
  default     = {} # why: only the application knows its variables
  nullable    = false

  validation {
    condition     = alltrue([for key in concat(keys(var.environment), keys(var.secrets)) : can(regex("^[A-Za-z_][A-Za-z0-9_]*$", key))]) && length(setintersection(keys(var.environment), keys(var.secrets))) == 0
    error_message = "The name of an environment variable has letters, digits and underscores and does not start with a digit, and no variable is both a plain one and a secret."
  }

  validation {
    condition     = alltrue([for arn in values(var.secrets) : arn == null ? true : can(regex("^arn:[^:]+:(ssm:[^:]+:[0-9]{12}:parameter/.+|secretsmanager:[^:]+:[0-9]{12}:secret:[^:]+(:[^:]*:[^:]*:[^:]*)?)$", arn))])
    error_message = "A secret is null, the ARN of a parameter, or the ARN of a secret, which may be followed by :<key>:<stage>:<version>, each of which may be empty."
  }
}

variable "database_login" {
  description = "Whether the application logs in to its database by IAM."
  type        = bool
  default     = false # why: a service on its own has no database
  nullable    = false
}

variable "database_proxy" {
  description = "Whether it reaches the database through RDS Proxy. The runbooks follow it."
  type        = bool
  default     = false # why: a service on its own has no database
  nullable    = false
}

variable "database_resource_id" {
  description = "Id of the database, or of its proxy, in ARNs of its IAM users, such as cluster-ABCDEFGHIJKL."
  type        = string
  default     = null # why: a service on its own has no database
}

variable "database_user" {
  description = "Database user of the application."
  type        = string
  default     = null # why: a service on its own has no database
}

variable "architecture" {
  description = "Processor of the tasks: X86_64, or ARM64, which costs a fifth less. The image must be built for it."
  type        = string
  default     = "X86_64" # why: most images and build machines are still made for it
  nullable    = false

  validation {
    condition     = contains(["X86_64", "ARM64"], var.architecture)
    error_message = "The architecture is X86_64 or ARM64."
  }
}

variable "spot" {
  description = "Whether tasks also run on spare capacity (Fargate Spot)."
  type        = bool
  default     = false # why: AWS takes it back with two minutes' notice
  nullable    = false

  validation {
    condition     = !var.spot || var.deployment != "codedeploy"
    error_message = "Fargate Spot needs the deployment rolling or blue-green: CodeDeploy starts tasks with a launch type."
  }
}

variable "spot_share" {
  description = "Percent of the tasks on spare capacity, beyond the first task."
  type        = number
  default     = 50 # why: half of them are left when AWS takes all spare capacity back
  nullable    = false

  validation {
    condition     = var.spot_share >= 1 && var.spot_share <= 100
    error_message = "The share of spare capacity is 1 to 100 percent."
  }
}

variable "ephemeral_storage" {
  description = "Disk of a task in GiB, for its images and volumes, 21 to 200. Null for the 20 GiB that cost nothing."
  type        = number
  default     = null # why: most tasks need no more than that

  validation {
    condition     = var.ephemeral_storage == null ? true : var.ephemeral_storage >= 21 && var.ephemeral_storage <= 200
    error_message = "The disk of a task has 21 to 200 GiB."
  }
}

variable "user" {
  description = "User that the container runs as, such as 1000 or 1000:1000. Null for the one that the image names."
  type        = string
  default     = null # why: an image knows its user best
}

variable "readonly_root" {
  description = "Whether the root file system of the container is read-only; writable_paths are not. When a session of ECS Exec does not open, try it without: AWS supports sessions on a writable root only."
  type        = bool
  default     = true # why: what breaks in cannot change the program
  nullable    = false
}

variable "writable_paths" {
  description = "Directories that the container may write to, whoever its user is, by their size in MiB. They are in memory, count as the task's memory, begin empty and go with the task."
  type        = map(number)
  default     = { "/tmp" = 64 } # why: the one directory that almost every program writes to
  nullable    = false

  validation {
    condition     = alltrue([for path, size in var.writable_paths : startswith(path, "/") && path != "/" && size >= 1]) && sum(concat([0], values(var.writable_paths))) <= var.size.memory / 2
    error_message = "A writable directory is a full path other than / with a size of at least 1 MiB, and all of them take no more than half of the task's memory."
  }
}

variable "log_datetime_format" {
  description = "Format of the date with which an event of the log begins, such as \\\\[%Y-%m-%d %H:%M:%S\\\\]; lines without one belong to the event before. Null makes an event of every line, as logs in JSON want."
  type        = string
  default     = null # why: with a format that does not fit, all lines run together in one event

  validation {
    condition     = var.log_datetime_format == null ? true : !can(regex("(^|[^\\\\])\\[", var.log_datetime_format)) # notes: ecs-fargate.awslogs-datetime-format, ecs-fargate.awslogs-datetime-format-escaping brackets with a backslash
    error_message = "The driver makes a regular expression of the format: write a backslash in front of a bracket."
  }
}

variable "scheduled_scaling" {
  description = "Least and most number of tasks from a time on, by a name: cron(...), rate(...) or at(...), and the time zone it is in. An apply in between puts the numbers of scaling back until the next time."
  type        = map(object({ schedule = string, time_zone = string, min = number, max = number }))
  default     = {} # why: only its owner knows when an application has no users
  nullable    = false

  validation {
    condition     = alltrue([for action in values(var.scheduled_scaling) : can(regex("^(cron|rate|at)\\(.+\\)$", action.schedule)) && action.min >= 0 && action.min <= action.max])
    error_message = "A schedule is cron(...), rate(...) or at(...), and its numbers of tasks are in the order 0 <= min <= max."
  }
}

variable "health_check_grace_period" {
  description = "Seconds that a new task has until the checks of the load balancer count."
  type        = number
  default     = 120 # why: most containers answer within a minute; a version that never does is found out ten minutes earlier than with 600

  validation {
    condition     = var.health_check_grace_period >= 0 && var.health_check_grace_period <= 2147483647
    error_message = "The grace period is a number of seconds from 0 to 2147483647."
  }
}

variable "execute_command" {
  description = "Whether a person may open a shell in a container (ECS Exec)."
  type        = bool
  default     = false # why: a shell in production is an exception
  nullable    = false
}

variable "log_retention_days" {
  description = "How many days the logs are kept."
  type        = number
  default     = 365 # why: faults and attacks are often found months later; audits cover a year
}
