variable "name" {
  description = "Name of the CodeDeploy application and its deployment group."
  type        = string
}

variable "cluster_name" {
  description = "Name of the ECS cluster."
  type        = string
}

variable "service_name" {
  description = "Name of the ECS service, whose deployment controller is CODE_DEPLOY."
  type        = string
}

variable "listener_arn" {
  description = "ARN of the listener for users."
  type        = string
}

variable "test_listener_arn" {
  description = "ARN of the listener for testers."
  type        = string
}

variable "target_group_name" {
  description = "Name of the first target group (initially blue)."
  type        = string
}

variable "green_target_group_name" {
  description = "Name of the second target group (initially green)."
  type        = string
}

variable "confirmation_minutes" {
  description = "Minutes to wait for someone to confirm the switch to green before the deployment stops."
  type        = number
  default     = 60 # why: the notes give no value; an hour is enough to test the new version
  nullable    = false

  validation {
    condition     = var.confirmation_minutes >= 1 && var.confirmation_minutes <= 2880
    error_message = "The wait must be from 1 to 2880 minutes."
  }
}

variable "alarms" {
  description = "Names of CloudWatch alarms that stop and roll back a deployment when they fire. Empty for none, null for own_alarms."
  type        = list(string)
  default     = null # why: own_alarms detect a bad version, and little else triggers them
}

variable "own_alarms" {
  description = "Names of the alarms that stop a deployment if alarms is null."
  type        = list(string)
  default     = [] # why: not every system has alarms
  nullable    = false
}
