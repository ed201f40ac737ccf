variable "name" {
  description = "Name of the system, and prefix of every resource name."
  type        = string
}

variable "vpc_id" {
  description = "VPC of the file system."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets of the tasks, one in each zone: a zone can have only one mount target."
  type        = list(string)
}

variable "client_security_group_id" {
  description = "Security group of the application, the only one that may connect."
  type        = string
}

variable "client_role_arn" {
  description = "Role of the application, the only one that may mount the file system."
  type        = string
}

variable "owner" {
  description = "ID of the user and group that own every file. The application sees files as this user's, whatever user it runs as."
  type        = number
  default     = 1000 # why: the first user of most images
  nullable    = false

  validation {
    condition     = var.owner >= 1 && var.owner <= 65534 && floor(var.owner) == var.owner
    error_message = "The owner must be a whole number from 1 to 65534: the tasks must not write files owned by root."
  }
}
