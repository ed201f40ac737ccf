variable "name" {
  description = "Name of the system, and prefix of every resource name."
  type        = string
}

variable "load_balancer_arn" {
  description = "Network load balancer in front of the service."
  type        = string
}

variable "consumers" {
  description = "ARNs of those who may request a connection: accounts (arn:aws:iam::123456789012:root), users or roles."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.consumers) > 0 && alltrue([for arn in var.consumers : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:(root|user/.+|role/.+)$", arn))])
    error_message = "Name at least one consumer, each by the ARN of an account (arn:aws:iam::123456789012:root), a user or a role. Everyone (*) is not allowed."
  }
}

variable "accepted_endpoints" {
  description = "IDs of the consumers' endpoints that are accepted."
  type        = list(string)
  default     = [] # why: nobody has requested a connection yet
  nullable    = false

  validation {
    condition     = alltrue([for id in var.accepted_endpoints : can(regex("^vpce-[0-9a-f]{8,17}$", id))])
    error_message = "Each endpoint must be named by its ID, vpce-...."
  }
}

variable "regions" {
  description = "Regions from which consumers may connect. Null for the service's own."
  type        = list(string)
  default     = null # why: most consumers are in the same region
}

variable "private_dns_name" {
  description = "Name under which consumers may call the service in their own VPCs. You must prove ownership of the domain. Null for none."
  type        = string
  default     = null # why: consumers can use the name of their endpoint
}
