variable "name" {
  description = "Name of the system, and prefix of every resource name."
  type        = string
}

variable "vpc_id" {
  description = "VPC that requests the connections."
  type        = string
}

variable "cidr_blocks" {
  description = "IPv4 ranges of the VPC."
  type        = list(string)
}

variable "route_table_ids" {
  description = "Route tables from which the peers are reached."
  type        = list(string)
}

variable "peers" {
  description = "VPCs to connect to, by name: the ID, all IPv4 ranges, the account and region if they differ, and accepted = true once the owner there has accepted the connection, for DNS names across it."
  type = map(object({
    vpc_id      = string
    cidr_blocks = list(string)
    account_id  = optional(string)
    region      = optional(string)
    accepted    = optional(bool, false)
  }))
  nullable = false

  validation {
    condition     = alltrue([for name, peer in var.peers : can(regex("^[a-z][a-z0-9-]{0,31}$", name)) && can(regex("^vpc-[0-9a-f]{8,17}$", peer.vpc_id)) && can(regex("^[0-9]{12}$", coalesce(peer.account_id, "000000000000")))])
    error_message = "Each peer needs a name of lower-case letters, digits and hyphens, the ID of its VPC, vpc-..., and an account of 12 digits if it differs."
  }

  validation {
    condition     = alltrue([for peer in var.peers : length(peer.cidr_blocks) > 0]) && alltrue(flatten([for peer in var.peers : [for cidr in peer.cidr_blocks : try(cidrsubnet(cidr, 0, 0) == cidr && can(cidrnetmask(cidr)) && split("/", cidr)[1] >= 8, false)]]))
    error_message = "Each peer needs its IPv4 ranges, each as the first address of a block and a prefix length of 8 or more, such as 10.20.0.0/16."
  }

  validation {
    condition     = length(flatten([for peer in var.peers : peer.cidr_blocks])) == length(distinct(flatten([for peer in var.peers : peer.cidr_blocks])))
    error_message = "Two peers have the same range: a route leads to one of them only."
  }
}
