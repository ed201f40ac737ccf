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
  description = "How ECS deploys a new version: rolling, or blue-green (needs version 6 of the AWS provider)."
  type        = string
  default     = "rolling" # why: needs no second target group and no test listener
  nullable    = false

  validation {
    condition     = contains(["rolling", "blue-green"], var.deployment) # notes: ecs-fargate.deployment-type rolling or blue/green
    error_message = "The deployment is rolling or blue-green."
  }

  validation {
    condition     = var.deployment == "rolling" || var.aws_provider == "6"
    error_message = "The deployment blue-green needs version 6 of the AWS provider: version 5 does not know the deployment strategies of ECS."
  }
}

variable "external_deployment" {
  description = "Whether a pipeline deploys new task definitions, so that Terraform leaves the running one alone."
  type        = bool
  default     = false # why: without a pipeline nothing but Terraform deploys a new image tag
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

variable "vpc_id" {
  description = "VPC of the tasks."
  type        = string
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
    condition     = var.deployment == "rolling" || var.alternate_target_group_arn != null
    error_message = "The deployment blue-green needs a second target group."
  }
}

variable "production_listener_rule_arn" {
  description = "ARN of the listener rule for users, for blue-green."
  type        = string
  default     = null # why: a rolling update leaves the listeners alone

  validation {
    condition     = var.deployment == "rolling" || var.production_listener_rule_arn != null
    error_message = "The deployment blue-green needs the listener rule for users."
  }
}

variable "test_listener_rule_arn" {
  description = "ARN of the listener rule for testers, for blue-green. Null for none."
  type        = string
  default     = null # why: a rolling update leaves the listeners alone
}

variable "endpoint_security_group_id" {
  description = "Security group of the VPC endpoints. Null without endpoints."
  type        = string
  default     = null # why: with a NAT gateway alone there are no endpoints

  validation {
    condition     = var.outbound == "nat-gateway" || var.endpoint_security_group_id != null
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
  description = "Environment variables whose values other components write to /<name>/<VARIABLE>."
  type        = list(string)
  default     = [] # why: without a database and a cache there are none
}

variable "image_tag" {
  description = "Tag of the image to run."
  type        = string
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

variable "environment" {
  description = "Environment variables of the container that are no secrets."
  type        = map(string)
  default     = {} # why: only the application knows its variables
}

variable "secrets" {
  description = "Environment variables whose values stand in Parameter Store as /<name>/<VARIABLE>. Write them before a task needs them."
  type        = list(string)
  default     = [] # why: only the application knows its variables

  validation {
    condition     = alltrue([for key in concat(keys(var.environment), var.secrets) : can(regex("^[A-Za-z_][A-Za-z0-9_]*$", key))]) && length(setintersection(keys(var.environment), var.secrets)) == 0
    error_message = "The name of an environment variable has letters, digits and underscores and does not start with a digit, and no variable is both a plain one and a secret."
  }
}

variable "health_check_grace_period" {
  description = "Seconds that a new task has until the checks of the load balancer count."
  type        = number
  default     = 600 # notes: ecs-fargate.grace-period-alb-nuxt-ssr 600 seconds behind a load balancer

  validation {
    condition     = var.health_check_grace_period >= 0 && var.health_check_grace_period <= 2147483647
    error_message = "The grace period is a number of seconds from 0 to 2147483647."
  }
}

variable "execute_command" {
  description = "Whether a person may open a shell in a container (ECS Exec). The root file system is then writable."
  type        = bool
  default     = false # why: a shell in production is an exception
  nullable    = false
}

variable "log_retention_days" {
  description = "How many days the logs are kept."
  type        = number
  default     = 365 # why: faults and attacks are often found months later; audits cover a year
}
