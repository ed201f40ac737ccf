variable "vpc_cidr" {
  description = "IPv4 range of the VPC. It must not overlap any network that this VPC may ever be connected to."
  type        = string
  default     = "10.200.48.0/23" # notes vpc.cidr-prefix-length, vpc.cidr-next-free-block: a /23, about 512 addresses, is enough in practice
  nullable    = false

  validation {
    condition     = can(regex("^(10|172\\.(1[6-9]|2[0-9]|3[01])|192\\.168)\\..*/(1[6-9]|2[0-8])$", var.vpc_cidr)) && try(cidrhost(var.vpc_cidr, 0) == split("/", var.vpc_cidr)[0], false)
    error_message = "The range must be the first address of a block in 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, with a prefix length from 16 to 28 (65536 to 16 addresses), such as 10.200.48.0/23."
  }
}

variable "name" {
  description = "Name of the network, and prefix of every resource name."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name)) && !can(regex("--|^(aws|ssm|sg-|internal-)", var.name))
    error_message = "The name must be 3 to 20 lower-case letters, digits and single hyphens, start with a letter and not end with a hyphen. AWS reserves names that start with aws, ssm, sg- or internal-."
  }
}

variable "app_addresses" {
  description = "Number of addresses that the applications need in each app subnet at full scale, while tasks are being replaced. The plan fails if they do not fit."
  type        = number
  default     = 0 # why: only the owners of the applications know
  nullable    = false

  validation {
    condition     = var.app_addresses >= 0 && floor(var.app_addresses) == var.app_addresses
    error_message = "The number of addresses must be a whole number, 0 or more."
  }
}

variable "log_retention_days" {
  description = "Retention of the logs, in days."
  type        = number
  default     = 365 # why: faults and attacks are often found months later; audits cover a year
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "The retention must be a number of days that CloudWatch Logs supports, such as 7, 14, 30, 90, 180, 365 or 731."
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
  default  = { app = 4, public = 2, datastore = 1 } # notes vpc.subnet-sizes: larger for the app, smaller for data
  nullable = false

  validation {
    condition     = var.subnet_weights.app >= var.subnet_weights.public && var.subnet_weights.public >= var.subnet_weights.datastore && var.subnet_weights.datastore > 0
    error_message = "The weights must satisfy app >= public >= datastore > 0, such as 4, 2, 1, or 1, 1, 1 for subnets of equal size."
  }
}

variable "excluded_zone_ids" {
  description = "IDs of zones to exclude, such as use1-az3. Existing subnets stay where they are."
  type        = list(string)
  default     = ["use1-az3", "usw1-az2", "apne1-az3", "apne2-az1", "cac1-az3"] # why: CloudFront has no VPC origins there, https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-vpc-origins.html#vpc-origins-supported-regions
  nullable    = false
}

variable "extra_endpoints" {
  description = "Other AWS services that the application calls, by the name of their endpoint, such as sqs, kms or dynamodb."
  type        = list(string)
  default     = [] # why: endpoints are billed by the hour, and only the application knows what it calls
  nullable    = false

  validation {
    condition     = length(setintersection(var.extra_endpoints, ["s3", "ecr.api", "ecr.dkr", "logs", "ssm"])) == 0
    error_message = "These services have their endpoints already: s3, ecr.api, ecr.dkr, logs, ssm."
  }
}

variable "trusted_account_ids" {
  description = "Other accounts whose buckets and roles may be used through the endpoints."
  type        = list(string)
  default     = [] # why: data should leave the account only on purpose
  nullable    = false
}
