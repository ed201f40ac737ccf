variable "name" {
  description = "Name of the system, and prefix of every resource name."
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

variable "peerings" {
  description = "Connections to accept, by name of the peer: the ID of the connection, all IPv4 ranges of the peer, and the account that requested it if it differs. Empty until someone has requested one."
  type = map(object({
    id          = string
    cidr_blocks = list(string)
    account_id  = optional(string)
  }))
  default  = {} # why: the other side needs the ID of this VPC before it can request a connection
  nullable = false

  validation {
    condition     = alltrue([for name, peering in var.peerings : can(regex("^[a-z][a-z0-9-]{0,31}$", name)) && can(regex("^pcx-[0-9a-f]{8,17}$", peering.id)) && can(regex("^[0-9]{12}$", coalesce(peering.account_id, "000000000000")))])
    error_message = "Each peering needs a name of lower-case letters, digits and hyphens, its ID, pcx-..., and an account of 12 digits if another one requested it."
  }

  validation {
    condition     = alltrue([for peering in var.peerings : length(peering.cidr_blocks) > 0]) && alltrue(flatten([for peering in var.peerings : [for cidr in peering.cidr_blocks : try(cidrsubnet(cidr, 0, 0) == cidr && can(cidrnetmask(cidr)) && split("/", cidr)[1] >= 8, false)]]))
    error_message = "Each peering needs the IPv4 ranges of the peer, each as the first address of a block and a prefix length of 8 or more, such as 10.20.0.0/16."
  }

  validation {
    condition     = length(flatten([for peering in var.peerings : peering.cidr_blocks])) == length(distinct(flatten([for peering in var.peerings : peering.cidr_blocks])))
    error_message = "Two peers have the same range: a route leads to one of them only."
  }
}
