variable "name" {
  description = "Name of the system, and prefix of the names of the group and the roles."
  type        = string
}

variable "vpc_id" {
  description = "VPC of the tasks."
  type        = string
}
