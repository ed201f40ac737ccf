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

variable "secrets_endpoint" {
  description = "Whether there is an interface endpoint for Secrets Manager, which keeps the password of a database."
  type        = bool
  default     = true # why: an application with a database reads its password
  nullable    = false
}

variable "shell_endpoint" {
  description = "Whether there is an interface endpoint for ECS Exec, which opens a shell in a container."
  type        = bool
  default     = false # why: an endpoint costs by the hour, and a shell is an exception
  nullable    = false
}

variable "flow_log_retention_days" {
  description = "Days that VPC flow logs are kept."
  type        = number
  default     = 90 # why: long enough to look into an incident that is noticed late
  nullable    = false
}
