variable "name" {
  description = "Name of the system, and prefix of every resource name."
  type        = string
  nullable    = false
}

variable "cidr" {
  description = "IPv4 range of the VPC. It must not overlap any network that this VPC may ever be connected to."
  type        = string
  default     = "10.200.48.0/23" # notes: vpc.cidr-prefix-length, vpc.cidr-next-free-block a /23, about 512 addresses, is enough in practice
  nullable    = false

  validation {
    condition     = can(regex("^(10|172\\.(1[6-9]|2[0-9]|3[01])|192\\.168)\\..*/(1[6-9]|2[0-8])$", var.cidr)) && try(cidrhost(var.cidr, 0) == split("/", var.cidr)[0], false) # notes: vpc.cidr-rfc1918, vpc.cidr-size-limits private ranges, from 16 to 65536 addresses
    error_message = "The range must be the first address of a block in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, with a prefix length from 16 to 28 (65536 to 16 addresses), such as 10.200.48.0/23."
  }
}

variable "other_cidrs" {
  description = "IPv4 ranges of the company's other networks. The VPC must not overlap any of them."
  type        = list(string)
  default     = [] # why: only the company knows its networks
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.other_cidrs : can(cidrnetmask(cidr))])
    error_message = "Each range must be an IPv4 block such as 10.200.46.0/23."
  }
}

variable "subnet_weights" {
  description = "Each tier's share of the VPC's addresses. Changing it replaces subnets."
  type        = object({ app = number, public = number, datastore = number })
  # why: powers of two leave no gaps
  default  = { app = 4, public = 2, datastore = 1 } # notes: vpc.subnet-sizes larger for the app, smaller for data
  nullable = false

  validation {
    condition     = var.subnet_weights.app >= var.subnet_weights.public && var.subnet_weights.public >= var.subnet_weights.datastore && var.subnet_weights.datastore > 0
    error_message = "The weights must satisfy app >= public >= datastore > 0, such as 4, 2, 1, or 1, 1, 1 for subnets of equal size."
  }
}

variable "app_addresses" {
  description = "Number of addresses that the applications need in each app subnet, not counting the load balancer and endpoints."
  type        = number
  default     = 0 # why: only those who deploy into the network know what runs there
  nullable    = false
}

variable "load_balancer_tier" {
  description = "Subnets of the load balancer: app if it is internal, otherwise public."
  type        = string
  default     = "app" # why: an internal load balancer cannot be reached without CloudFront and its WAF
  nullable    = false

  validation {
    condition     = contains(["app", "public"], var.load_balancer_tier)
    error_message = "The load balancer must be in the app or the public subnets."
  }
}

variable "ipv6" {
  description = "Give the VPC and its public subnets IPv6 ranges, for a load balancer on the internet."
  type        = bool
  default     = false # why: only a load balancer on the internet has a use for them
  nullable    = false
}

variable "zones" {
  description = "Number of availability zones for the subnets."
  type        = number
  default     = 3 # notes: region.tokyo-three-azs three in Tokyo, as in most regions
  nullable    = false

  validation {
    condition     = contains([2, 3], var.zones)
    error_message = "zones must be 2 or 3: a load balancer needs two zones, and an account has three in most regions."
  }
}

variable "excluded_zone_ids" {
  description = "IDs of zones to exclude, such as use1-az3. Existing subnets stay where they are."
  type        = list(string)
  default     = ["use1-az3", "usw1-az2", "apne1-az3", "apne2-az1", "cac1-az3"] # why: CloudFront has no VPC origins there, https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html#vpc-origins-supported-regions
  nullable    = false
}

variable "nat_gateway" {
  description = "Give the app subnets internet access through NAT gateways."
  type        = bool
  default     = false # notes: ecs-fargate.outbound-prefer-vpc-endpoint endpoints rather than NAT
  nullable    = false
}

variable "nat_gateways" {
  description = "One NAT gateway per zone (zone), or one for all (single), which is cheaper but cuts off all zones if its own zone fails."
  type        = string
  default     = "zone" # why: the loss of a zone does not cut off the others
  nullable    = false

  validation {
    condition     = contains(["zone", "single"], var.nat_gateways)
    error_message = "The value must be zone (one NAT gateway per zone) or single (one for all)."
  }
}

variable "vpc_endpoints" {
  description = "Let the app subnets reach AWS services through interface endpoints."
  type        = bool
  default     = true # notes: ecs-fargate.outbound-prefer-vpc-endpoint endpoints rather than NAT
  nullable    = false
}

variable "interface_endpoints" {
  description = "AWS services that are always called from the app subnets, by the name of their interface endpoint, such as logs or ecr.api."
  type        = list(string)
  default     = [] # why: only those who build in the network know what is called
  nullable    = false
}

variable "secrets_endpoint" {
  description = "Create an interface endpoint for Secrets Manager."
  type        = bool
  default     = false # why: most secrets are in Parameter Store
}

variable "extra_endpoints" {
  description = "Other AWS services that the application calls, by the name of their endpoint, such as sqs, kms or dynamodb."
  type        = list(string)
  default     = [] # why: endpoints are billed by the hour, and only the application knows what it calls
  nullable    = false

  validation {
    condition     = length(setintersection(var.extra_endpoints, concat(["s3"], var.interface_endpoints))) == 0
    error_message = "These services have their endpoints already: ${join(", ", concat(["s3"], var.interface_endpoints))}."
  }
}

variable "trusted_account_ids" {
  description = "Other accounts whose buckets and roles may be used through the endpoints."
  type        = list(string)
  default     = [] # why: data should leave the account only on purpose
  nullable    = false
}

variable "network_acl" {
  description = "Restrict the datastore subnets to traffic within the VPC with a network ACL."
  type        = bool
  default     = false # why: security groups decide; the VPC's default ACL allows everything
  nullable    = false
}

variable "flow_log_retention_days" {
  description = "Retention of VPC flow logs, in days."
  type        = number
  default     = 90 # why: long enough to investigate an incident that is noticed late
  nullable    = false
}
