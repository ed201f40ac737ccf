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
  description = "Name of the one target group (blue at first)."
  type        = string
}

variable "green_target_group_name" {
  description = "Name of the other target group (green at first)."
  type        = string
}

variable "confirmation_minutes" {
  description = "Minutes in which a person must confirm the switch to green, else the deployment stops."
  type        = number
  default     = 60 # why: the notes name no time; an hour is enough to look at the new version
  nullable    = false

  validation {
    condition     = var.confirmation_minutes >= 1 && var.confirmation_minutes <= 2880
    error_message = "CodeDeploy waits 1 to 2880 minutes."
  }
}

variable "alarms" {
  description = "Names of CloudWatch alarms that stop a deployment and roll it back when they go off. Empty for none, null for own_alarms."
  type        = list(string)
  default     = null # why: own_alarms tell a bad version, and little else sets them off
}

variable "own_alarms" {
  description = "Names of the alarms that stop a deployment where alarms names no others."
  type        = list(string)
  default     = [] # why: not every system has alarms
  nullable    = false
}
