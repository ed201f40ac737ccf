variable "name" {
  description = "Name of the system, and prefix of every resource name."
  type        = string
}

variable "transit_gateway_id" {
  description = "Transit gateway to attach the VPC to."
  type        = string
}

variable "vpc_id" {
  description = "VPC to attach."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets, one in each zone, with a free address each."
  type        = list(string)
}

variable "route_table_ids" {
  description = "Route tables from which the other networks are reached."
  type        = list(string)
}

variable "routes" {
  description = "IPv4 ranges that are reached through the gateway."
  type        = list(string)
  default     = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"] # why: all private ranges; a network that is attached later needs no new route
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.routes : try(cidrsubnet(cidr, 0, 0) == cidr && can(cidrnetmask(cidr)) && split("/", cidr)[1] >= 8, false)])
    error_message = "Each range must be the first address of an IPv4 block and a prefix length of 8 or more, such as 10.0.0.0/8."
  }
}

variable "accepted" {
  description = "False until the owner of the gateway, in another account, has accepted the attachment: until then no route can lead there."
  type        = bool
  default     = true # why: in the gateway's own account nobody has to accept
  nullable    = false
}
