variable "name" {
  description = "Name of the system, and prefix of every resource name."
  type        = string
}

variable "vpc_id" {
  description = "VPC of the instance."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets; the instance is in the first."
  type        = list(string)
}

variable "outbound" {
  description = "How the instance reaches Session Manager: vpc-endpoints, nat-gateway or both."
  type        = string
  default     = "vpc-endpoints" # notes: ecs-fargate.outbound-prefer-vpc-endpoint endpoints rather than NAT
  nullable    = false

  validation {
    condition     = contains(["vpc-endpoints", "nat-gateway", "both"], var.outbound)
    error_message = "The outbound path must be vpc-endpoints, nat-gateway or both."
  }
}

variable "given_network" {
  description = "True if the network belongs to someone else: its endpoints then need a rule that allows the instance."
  type        = bool
  default     = false # why: a new network's endpoints allow the whole VPC
  nullable    = false
}

variable "endpoint_security_group_id" {
  description = "Security group of the interface endpoints. Null without endpoints."
  type        = string
  default     = null # why: not used without VPC endpoints
}

variable "database_security_group_id" {
  description = "Security group of the database."
  type        = string
}

variable "port" {
  description = "Port of the database."
  type        = number
}

variable "prerequisites" {
  description = "What must exist before the instance starts, such as endpoints and routes."
  type        = any
  default     = [] # why: a network that already exists needs none
}
