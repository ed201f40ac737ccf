variable "name" {
  description = "Prefix of the policies."
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
  description = "Name of the ECS service."
  type        = string
}

variable "task_definition_family" {
  description = "Family of the task definition for one-off tasks."
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

variable "execute_command" {
  description = "Create a policy for people who open a shell in a container (ECS Exec)."
  type        = bool
  default     = false # why: a shell in a running system is an exception
  nullable    = false
}
