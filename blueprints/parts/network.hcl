part "network" {
  summary = "The network that everything else is in: a VPC of its own, or an existing one."

  # The blueprint declares the variables name and log_retention_days.

  parameter "endpoints" {
    description = "AWS services that are called from the app subnets, by the name of their interface endpoint."
    default     = []
  }

  parameter "secrets_endpoint" {
    description = "Whether something in the app subnets reads Secrets Manager."
    default     = false
  }

  parameter "app_addresses" {
    description = "Number of addresses that the applications need in each app subnet, not counting the load balancer and endpoints."
    default     = 0
  }

  parameter "shell_endpoint" {
    description = "Whether people open shells through Session Manager."
    default     = false
  }

  parameter "public_load_balancer" {
    description = "Whether a load balancer is on the internet."
    default     = false
  }

  parameter "load_balancer_tier" {
    description = "Subnets that need addresses for the load balancer: app or public."
    default     = "app"
  }

  parameter "vpc_origin" {
    description = "Whether CloudFront reaches the load balancer inside the VPC."
    default     = false
  }

  parameter "ipv6" {
    description = "Whether the load balancer has IPv6 addresses."
    default     = false
  }

  parameter "datastores" {
    description = "Whether there are databases or caches."
    default     = true
  }
}

option "network" {
  type        = string
  one_of      = ["new", "existing"]
  default     = "new"
  description = "Create a VPC (new), or use an existing one (existing), described by the variable network."
  why         = "its own network can be changed without asking others"
}

option "outbound" {
  type        = string
  one_of      = ["vpc-endpoints", "nat-gateway", "both"]
  default     = "vpc-endpoints"
  description = "How traffic leaves the app subnets: to AWS services only, through VPC endpoints (vpc-endpoints); to everything, through a NAT gateway (nat-gateway); or to AWS services through endpoints and to the rest through NAT (both)."
  notes       = ["ecs-fargate.outbound-prefer-vpc-endpoint"]
}

option "network_acl" {
  type        = bool
  default     = false
  when        = option.network == "new" # the ACL of an existing network belongs to its owner
  description = "Restrict the datastore subnets to traffic within the VPC with a network ACL, in addition to the security groups."
  why         = "security groups decide; the VPC's default ACL allows everything"
}

option "zones" {
  type        = number
  one_of      = [2, 3]
  default     = 3
  when        = option.network == "new" # an existing network has its own subnets
  description = "Number of availability zones."
  notes       = ["region.tokyo-three-azs"]
}

variable "vpc_cidr" {
  description = "IPv4 range of the VPC. It must not overlap any network that this VPC may ever be connected to."
  type        = string
  default     = "10.200.48.0/23" # notes: vpc.cidr-prefix-length, vpc.cidr-next-free-block a /23, about 512 addresses, is enough in practice
  nullable    = false
}

component "network" {
  file = "network.tf"
  with = { ipv6 = part.ipv6 }

  use "network" {
    when = option.network == "new"
    with = {
      name                    = var.name
      cidr                    = var.vpc_cidr
      zones                   = option.zones
      nat_gateway             = contains(["nat-gateway", "both"], option.outbound)
      vpc_endpoints           = contains(["vpc-endpoints", "both"], option.outbound)
      interface_endpoints     = part.endpoints
      secrets_endpoint        = part.secrets_endpoint
      network_acl             = option.network_acl
      load_balancer_tier      = part.load_balancer_tier
      app_addresses           = part.app_addresses
      flow_log_retention_days = var.log_retention_days
    }
    expose = {
      other_cidrs         = "other_cidrs"
      subnet_weights      = "subnet_weights"
      extra_endpoints     = "extra_endpoints"
      excluded_zone_ids   = "excluded_zone_ids"
      nat_gateways        = "nat_gateways"
      trusted_account_ids = "trusted_account_ids"
    }
  }

  # Its outputs have the same names as those of a new network.
  use "given-network" {
    when = option.network == "existing"
    with = {
      datastores           = part.datastores
      public_load_balancer = part.public_load_balancer
      vpc_origin           = part.vpc_origin
      outbound             = option.outbound
      shell_endpoint       = part.shell_endpoint
    }
    expose = { network = "network" }
  }
}

output "vpc_id" {
  description = "ID of the VPC."
  value       = component.network.vpc_id
}

output "nat_public_ips" {
  description = "Source addresses of outbound traffic, for other parties' allow lists."
  value       = component.network.nat_public_ips
  when        = option.network == "new" && option.outbound != "vpc-endpoints"
}

deviation "datastore-acl-vpc-only" {
  notes    = ["vpc.nacl-inbound-rules"]
  when     = option.network_acl
  rendered = "Rule 100 of the network ACL allows inbound TCP from the VPC, on ports from 1024."
  reason   = "An ACL that allows everything does no more than the VPC's default ACL, which exists without the option."
  restore  = "Set network_acl = false: rule 100 of the VPC's default ACL allows everything."
}

deviation "networks-joined-as-of-today" {
  notes    = ["vpc.connectivity-ip-family", "vpc.connectivity-cross-region"]
  rendered = "The runbook's table says that endpoint services support IPv6 and work across regions."
  reason   = "They have done so since 2022 and 2024 respectively."
  restore  = "Nothing to restore: the notes are out of date."
}
