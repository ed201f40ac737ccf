variable "name" {
  description = "Name of the pipeline and its build, and prefix of related resources."
  type        = string
}

variable "deployment" {
  description = "Deployment strategy: rolling or blue-green by ECS, or codedeploy."
  type        = string
  default     = "rolling" # why: it needs no second target group
  nullable    = false

  validation {
    condition     = contains(["rolling", "blue-green", "codedeploy"], var.deployment)
    error_message = "The deployment must be rolling, blue-green or codedeploy."
  }
}

variable "codedeploy_application" {
  description = "Name of the CodeDeploy application, if deployment is codedeploy."
  type        = string
  default     = null # why: otherwise ECS deploys itself

  validation {
    condition     = var.deployment != "codedeploy" || var.codedeploy_application != null
    error_message = "The codedeploy strategy needs a CodeDeploy application."
  }
}

variable "codedeploy_group" {
  description = "Name of its deployment group, if deployment is codedeploy."
  type        = string
  default     = null # why: otherwise ECS deploys itself

  validation {
    condition     = var.deployment != "codedeploy" || var.codedeploy_group != null
    error_message = "The codedeploy strategy needs a CodeDeploy deployment group."
  }
}

variable "repository" {
  description = "Repository of the application's source, as owner/name."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+$", var.repository))
    error_message = "The repository must be owner/name, without a host."
  }
}

variable "repository_provider" {
  description = "Host of that repository: GitHub, GitLab or Bitbucket."
  type        = string
  default     = "GitHub" # why: the notes tag images with GitHub commits
  nullable    = false

  validation {
    condition     = contains(["GitHub", "GitLab", "Bitbucket"], var.repository_provider)
    error_message = "The provider must be GitHub, GitLab or Bitbucket; self-hosted servers need a host and a connection created by hand."
  }
}

variable "branch" {
  description = "Branch to deploy."
  type        = string
  default     = "main" # why: the usual name
  nullable    = false
}

variable "architecture" {
  description = "CPU architecture of the tasks, X86_64 or ARM64, for which images are built."
  type        = string
  default     = "X86_64" # why: nearly every image supports it
  nullable    = false

  validation {
    condition     = contains(["X86_64", "ARM64"], var.architecture)
    error_message = "The architecture must be X86_64 or ARM64."
  }
}

variable "repository_name" {
  description = "Name of the ECR repository."
  type        = string
}

variable "repository_arn" {
  description = "ARN of the ECR repository."
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

variable "container_name" {
  description = "Name of the container that gets the new image."
  type        = string
  nullable    = false
}

variable "container_port" {
  description = "Port on which it listens."
  type        = number
  default     = 80 # notes: codedeploy.appspec-container-port port 80
}

variable "task_definition_family" {
  description = "Family of the task definition."
  type        = string
}

variable "execution_role_arn" {
  description = "ARN of the role of the agent that starts the containers."
  type        = string
}

variable "task_role_arn" {
  description = "ARN of the role of the application."
  type        = string
}

variable "log_retention_days" {
  description = "Retention of the build logs, in days."
  type        = number
  default     = 365 # why: an audit may ask what was deployed a year ago
}
