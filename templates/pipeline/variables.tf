variable "name" {
  description = "Name of the pipeline and of its build, prefix of what belongs to them."
  type        = string
}

variable "deployment" {
  description = "How a new version comes out: rolling or blue-green by ECS, or codedeploy."
  type        = string
  default     = "rolling" # why: it needs no second target group
  nullable    = false

  validation {
    condition     = contains(["rolling", "blue-green", "codedeploy"], var.deployment) # notes: codedeploy.ecs-methods CodeDeploy itself does blue/green only
    error_message = "The deployment is rolling, blue-green or codedeploy."
  }
}

variable "codedeploy_application" {
  description = "Name of the CodeDeploy application, for codedeploy."
  type        = string
  default     = null # why: ECS deploys by itself otherwise

  validation {
    condition     = var.deployment != "codedeploy" || var.codedeploy_application != null
    error_message = "The deployment codedeploy needs an application of CodeDeploy."
  }
}

variable "codedeploy_group" {
  description = "Name of its deployment group, for codedeploy."
  type        = string
  default     = null # why: ECS deploys by itself otherwise

  validation {
    condition     = var.deployment != "codedeploy" || var.codedeploy_group != null
    error_message = "The deployment codedeploy needs a deployment group of CodeDeploy."
  }
}

variable "repository" {
  description = "Repository of the application's source, as owner/name."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+$", var.repository))
    error_message = "The repository is given as owner/name, without a host."
  }
}

variable "repository_provider" {
  description = "Where that repository is: GitHub, GitLab or Bitbucket."
  type        = string
  default     = "GitHub" # notes: codebuild.image-tag the commits are GitHub's
  nullable    = false

  validation {
    condition     = contains(["GitHub", "GitLab", "Bitbucket"], var.repository_provider)
    error_message = "The provider is GitHub, GitLab or Bitbucket; servers of your own need a host and a connection by hand."
  }
}

variable "branch" {
  description = "Branch whose commits are brought out."
  type        = string
  default     = "main" # why: the usual name
  nullable    = false
}

variable "architecture" {
  description = "Processor of the tasks, X86_64 or ARM64, for which images are built."
  type        = string
  default     = "X86_64" # why: every image runs there
  nullable    = false

  validation {
    condition     = contains(["X86_64", "ARM64"], var.architecture)
    error_message = "The architecture is X86_64 or ARM64."
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
  default     = 80 # notes: codedeploy.appspec-container-port the usual port of a web server
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
  description = "How many days the logs of builds are kept."
  type        = number
  default     = 365 # why: an audit may ask what was brought out a year ago
}
