variable "name" {
  description = "Name of the system, in front of the name of every resource."
  type        = string
  nullable    = false
}

variable "cidr" {
  description = "IPv4 range of the VPC. It must not overlap a network that this VPC may ever be joined with."
  type        = string
  default     = "10.200.48.0/23" # notes: vpc.cidr-prefix-length, vpc.cidr-next-free-block a /23 of 512 addresses is enough in practice
  nullable    = false

  # notes: vpc.cidr-rfc1918, vpc.cidr-size-limits private addresses, 16 to 65536 of them
  validation {
    condition     = can(regex("^(10|172\\.(1[6-9]|2[0-9]|3[01])|192\\.168)\\..*/(1[6-9]|2[0-8])$", var.cidr)) && try(cidrhost(var.cidr, 0) == split("/", var.cidr)[0], false)
    error_message = "The range must be the first address of a block in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16 and a prefix length from 16 to 28 (65536 to 16 addresses), such as 10.200.48.0/23."
  }
}

variable "other_cidrs" {
  description = "IPv4 ranges of the company's other networks. The VPC must not overlap one of them."
  type        = list(string)
  default     = [] # notes: vpc.cidr-central-register the company keeps the list, for example in a spreadsheet
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.other_cidrs : can(cidrnetmask(cidr))])
    error_message = "Each range must be an IPv4 block such as 10.200.46.0/23."
  }
}

variable "subnet_weights" {
  description = "Share of each tier in the addresses of the VPC. Changing it replaces subnets."
  type        = object({ app = number, public = number, datastore = number })
  default     = { app = 4, public = 2, datastore = 1 } # notes: vpc.subnet-sizes more addresses for the app, fewer for data
  nullable    = false

  validation {
    condition     = var.subnet_weights.app >= var.subnet_weights.public && var.subnet_weights.public >= var.subnet_weights.datastore && var.subnet_weights.datastore > 0
    error_message = "The weights must be in the order app >= public >= datastore > 0, such as 4, 2, 1, or 1, 1, 1 for subnets of one size."
  }
}

variable "max_tasks" {
  description = "Greatest number of tasks that run at once in the app subnets, apart from deployments."
  type        = number
}

variable "load_balancer_tier" {
  description = "Subnets that the load balancer stands in: app when it is internal, else public."
  type        = string
  default     = "app" # why: what is not on the internet cannot be reached past CloudFront and its WAF
  nullable    = false

  validation {
    condition     = contains(["app", "public"], var.load_balancer_tier)
    error_message = "A load balancer stands in the app or in the public subnets."
  }
}

variable "zones" {
  description = "Number of availability zones that the subnets are spread over."
  type        = number
  default     = 3 # notes: region.tokyo-three-azs as many as most regions give an account
  nullable    = false

  validation {
    condition     = contains([2, 3], var.zones)
    error_message = "zones must be 2 or 3: a load balancer needs two zones, and most regions give an account three."
  }
}

variable "excluded_zone_ids" {
  description = "Ids of zones that are not used, such as use1-az3; the first of the others are. A subnet that exists stays where it is."
  type        = list(string)
  default     = ["use1-az3", "usw1-az2", "apne1-az3", "apne2-az1", "cac1-az3"] # why: CloudFront has no VPC origins there, https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html#vpc-origins-supported-regions
  nullable    = false
}

variable "nat_gateway" {
  description = "Whether the app subnets reach the internet through NAT gateways."
  type        = bool
  default     = false # notes: ecs-fargate.outbound-prefer-vpc-endpoint VPC endpoints rather than NAT for traffic to AWS
  nullable    = false
}

variable "nat_gateways" {
  description = "Whether there is a NAT gateway for each zone (zone), or one for all (single), which is cheaper and takes the way out of all zones with it when its own is lost."
  type        = string
  default     = "zone" # why: the loss of a zone leaves the others their way out
  nullable    = false

  validation {
    condition     = contains(["zone", "single"], var.nat_gateways)
    error_message = "There is a NAT gateway for each zone (zone) or one for all (single)."
  }
}

variable "vpc_endpoints" {
  description = "Whether the app subnets reach AWS services through interface endpoints."
  type        = bool
  default     = true # notes: ecs-fargate.outbound-prefer-vpc-endpoint VPC endpoints rather than NAT for traffic to AWS
  nullable    = false
}

variable "secrets_endpoint" {
  description = "Whether there is an interface endpoint for Secrets Manager."
  type        = bool
  default     = false # why: most secrets of tasks stand in Parameter Store
}

variable "shell_endpoint" {
  description = "Whether there is an interface endpoint for ECS Exec, which opens a shell in a container."
  type        = bool
  default     = false # why: an endpoint costs by the hour, and a shell is an exception
  nullable    = false
}

variable "extra_endpoints" {
  description = "More AWS services that the application calls, each by the name of its interface endpoint, such as sqs or kms."
  type        = list(string)
  default     = [] # why: an endpoint costs by the hour, and only the application knows what it calls
  nullable    = false

  validation {
    condition     = length(setintersection(var.extra_endpoints, ["s3", "dynamodb", "ecr.api", "ecr.dkr", "logs", "ssm"])) == 0 # notes: vpc-endpoint.type these two have gateways
    error_message = "The services ecr.api, ecr.dkr, logs and ssm have their endpoints already. S3 is reached through a gateway endpoint, and DynamoDB through one that runbooks/network.md tells how to add."
  }
}

variable "trusted_account_ids" {
  description = "Other accounts whose buckets and roles may be used through the endpoints."
  type        = list(string)
  default     = [] # why: what leaves the account must be meant to
  nullable    = false
}

variable "network_acl" {
  description = "Whether a network ACL limits the datastore subnets to traffic of the VPC."
  type        = bool
  default     = false # notes: vpc.nacl-inbound-rules the VPC's own ACL lets all in by rule 100; security groups decide
  nullable    = false
}

variable "flow_log_retention_days" {
  description = "Days that VPC flow logs are kept."
  type        = number
  default     = 90 # why: long enough to look into an incident that is noticed late
  nullable    = false
}
