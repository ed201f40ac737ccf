variable "name" {
  description = "Name of the system, and prefix of every resource name, at most 20 characters."
  type        = string
}

variable "vpc_id" {
  description = "VPC of the load balancer."
  type        = string
}

variable "vpc_cidr_block" {
  description = "IPv4 range of the VPC, where the targets are."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets, one in each zone, with eight free addresses each."
  type        = list(string)
}

variable "port" {
  description = "Port on which the load balancer listens."
  type        = number
  default     = 443 # why: what is called from other networks is encrypted
  nullable    = false

  validation {
    condition     = var.port >= 1 && var.port <= 65535
    error_message = "The port must be from 1 to 65535."
  }
}

variable "target_type" {
  description = "What the targets are: IP addresses (ip), or an application load balancer (alb)."
  type        = string
  default     = "ip" # why: ECS registers its tasks by address
  nullable    = false

  validation {
    condition     = contains(["ip", "alb"], var.target_type)
    error_message = "The targets must be ip or alb."
  }
}

variable "target_port" {
  description = "Port on which the targets listen."
  type        = number
  default     = 443 # why: TLS is terminated at the targets
  nullable    = false

  validation {
    condition     = var.target_port >= 1 && var.target_port <= 65535
    error_message = "The target port must be from 1 to 65535."
  }
}

variable "targets" {
  description = "Targets to register, by name: IP addresses, or the ARN of the application load balancer. Empty if something else registers them, such as ECS."
  type        = map(string)
  default     = {} # why: ECS registers its tasks
  nullable    = false

  validation {
    condition     = alltrue([for target in var.targets : var.target_type == "alb" ? can(regex("^arn:.*:loadbalancer/app/", target)) : can(cidrnetmask("${target}/32"))])
    error_message = "Each target must be an IPv4 address or, with the target type alb, the ARN of an application load balancer."
  }
}

variable "health_check" {
  description = "How targets are checked: with a connection (TCP), or with a request to a path (HTTP, HTTPS)."
  type        = object({ protocol = string, path = optional(string, "/") })
  default     = { protocol = "TCP" } # why: every target accepts connections
  nullable    = false

  validation {
    condition     = contains(var.target_type == "alb" ? ["HTTP", "HTTPS"] : ["TCP", "HTTP", "HTTPS"], var.health_check.protocol)
    error_message = "The protocol must be TCP, HTTP or HTTPS; an application load balancer is checked over HTTP or HTTPS."
  }
}

variable "deletion_protection" {
  description = "Protect the load balancer from deletion."
  type        = bool
  default     = true # why: deleting it cuts off its consumers
  nullable    = false
}
