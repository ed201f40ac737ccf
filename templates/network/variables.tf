variable "name" {
  description = "Name of the system, in front of the name of every resource."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 32 lower-case letters, digits and hyphens, start with a letter and not end with a hyphen."
  }
}

variable "cidr" {
  description = "IPv4 range of the VPC. It must not overlap a network that this VPC may ever be joined with."
  type        = string
  default     = "10.200.48.0/23" # notes: vpc.cidr-prefix-length, vpc.cidr-next-free-block a /23 of 512 addresses is enough in practice
  nullable    = false

  validation {
    condition     = can(regex("^(10|172\\.(1[6-9]|2[0-9]|3[01])|192\\.168)\\.", var.cidr)) && try(cidrhost(var.cidr, 0) == split("/", var.cidr)[0], false)
    error_message = "cidr must be the first address of a block within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16 and a prefix length, such as 10.200.48.0/23."
  }

  validation {
    condition     = can(regex("/(1[6-9]|2[0-4])$", var.cidr))
    error_message = "cidr must have a prefix length of 16 to 24: AWS allows nothing larger than /16, and below /24 the public subnets get smaller than the /27 that a load balancer needs."
  }
}

variable "zones" {
  description = "Number of availability zones that the subnets are spread over."
  type        = number
  default     = 3 # notes: region.tokyo-three-azs the Tokyo region has three availability zones
  nullable    = false

  validation {
    condition     = contains([2, 3], var.zones)
    error_message = "zones must be 2 or 3: a load balancer needs two zones, and an account sees no more than three in Tokyo."
  }
}

variable "nat_gateway" {
  description = "Whether the app subnets reach the internet through a NAT gateway in each zone."
  type        = bool
  default     = false # notes: ecs-fargate.outbound-prefer-vpc-endpoint VPC endpoints rather than NAT for traffic to AWS
  nullable    = false
}

variable "vpc_endpoints" {
  description = "Whether the app subnets reach AWS services through interface endpoints."
  type        = bool
  default     = true # notes: ecs-fargate.outbound-prefer-vpc-endpoint VPC endpoints rather than NAT for traffic to AWS
  nullable    = false
}

variable "endpoint_services" {
  description = "AWS services with an interface endpoint, by the last part of the endpoint service's name. S3 has its own gateway endpoint."
  type        = set(string)
  default = [
    "ecr.api",        # notes: ecs-fargate.vpc-endpoint-ecr-api image manifests
    "ecr.dkr",        # notes: ecs-fargate.vpc-endpoint-ecr-dkr image pulls
    "logs",           # notes: ecs-fargate.vpc-endpoint-logs container logs
    "secretsmanager", # why: tasks read the database password from Secrets Manager
    "ssm",            # notes: ecs-fargate.vpc-endpoint-ssm Parameter Store
    "ssmmessages",    # notes: ecs-fargate.exec-ssmmessages-endpoint ECS Exec
  ]
  nullable = false

  validation {
    condition     = alltrue([for service in var.endpoint_services : can(regex("^[a-z][a-z0-9.-]*$", service)) && !contains(["s3", "dynamodb"], service)])
    error_message = "endpoint_services must be names such as ecr.api, logs or sqs, without com.amazonaws. and the region, and without s3 and dynamodb, which use gateway endpoints."
  }
}

variable "flow_log_retention_days" {
  description = "Days that VPC flow logs are kept."
  type        = number
  default     = 90 # why: long enough to look into an incident that is noticed late
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.flow_log_retention_days)
    error_message = "flow_log_retention_days must be a period that CloudWatch Logs offers: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288 or 3653 days."
  }
}
