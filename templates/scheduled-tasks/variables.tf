variable "name" {
  description = "Name of the schedule group, and prefix of the state machine and the roles."
  type        = string
}

variable "cluster_arn" {
  description = "ARN of the ECS cluster."
  type        = string
}

variable "cluster_name" {
  description = "Name of the ECS cluster."
  type        = string
}

variable "service_name" {
  description = "Name of the ECS service, whose revision is run."
  type        = string
}

variable "deployment" {
  description = "Deployment strategy: rolling or blue-green by ECS, or codedeploy, which keeps the current revision in a task set."
  type        = string
  default     = "rolling" # why: it needs no second target group
  nullable    = false

  validation {
    condition     = contains(["rolling", "blue-green", "codedeploy"], var.deployment)
    error_message = "The deployment must be rolling, blue-green or codedeploy."
  }
}

variable "task_definition_family" {
  description = "Family of the task definitions of the service."
  type        = string
}

variable "execution_role_arn" {
  description = "ARN of the task execution role."
  type        = string
}

variable "task_role_arn" {
  description = "ARN of the task role."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets of the tasks."
  type        = list(string)
}

variable "security_group_id" {
  description = "Security group of the tasks."
  type        = string
}

variable "time_zone" {
  description = "Time zone of schedules that do not set one."
  type        = string
}

variable "tasks" {
  description = "Commands by name: the schedule, as cron(...), rate(...) or at(...), its time zone, and the command as a list of words."
  type = map(object({
    schedule = string
    timezone = optional(string) # why: without one, time_zone applies
    command  = list(string)
  }))
  default  = {} # why: only the application knows its commands
  nullable = false

  validation {
    condition     = alltrue([for task in values(var.tasks) : can(regex("^(cron|rate|at)\\(.+\\)$", task.schedule)) && length(task.command) > 0])
    error_message = "A task must have a schedule such as cron(0 3 * * ? *) or rate(1 hour), and a command of at least one word."
  }

  validation {
    condition     = alltrue([for key in keys(var.tasks) : can(regex("^[A-Za-z0-9_.-]{1,64}$", key))])
    error_message = "The name of a task must have up to 64 letters, digits, underscores, periods and hyphens."
  }
}
