variable "network" {
  description = "The network to deploy into. It must have subnets in at least two zones: app for tasks and an internal load balancer, datastore for databases and caches, public for a load balancer on the internet; and, if tasks use VPC endpoints, the endpoints' security group and the prefix lists of S3 and, if it has a gateway endpoint, DynamoDB."
  type = object({
    vpc_id                     = string
    vpc_cidr_block             = optional(string)
    app_subnet_ids             = list(string)
    datastore_subnet_ids       = optional(list(string), [])
    public_subnet_ids          = optional(list(string), [])
    endpoint_security_group_id = optional(string)
    s3_prefix_list_id          = optional(string)
    dynamodb_prefix_list_id    = optional(string)
  })
  nullable = false

  validation {
    condition     = startswith(var.network.vpc_id, "vpc-") && alltrue([for id in concat(var.network.app_subnet_ids, var.network.datastore_subnet_ids, var.network.public_subnet_ids) : startswith(id, "subnet-")])
    error_message = "A network needs the ID of its VPC, vpc-..., and the IDs of its subnets, subnet-...."
  }

  validation {
    condition     = length(distinct(var.network.app_subnet_ids)) >= 2
    error_message = "app_subnet_ids needs at least two subnets, in two zones, so that tasks and load balancer survive the loss of one."
  }

  validation {
    condition     = !var.datastores || length(distinct(var.network.datastore_subnet_ids)) >= 2
    error_message = "datastore_subnet_ids needs at least two subnets, in two zones, for the database and the cache. They may be those of app_subnet_ids."
  }

  validation {
    condition     = !var.public_load_balancer || length(distinct(var.network.public_subnet_ids)) >= 2
    error_message = "public_subnet_ids needs at least two subnets, in two zones: the load balancer is on the internet."
  }

  validation {
    condition     = var.outbound == "nat-gateway" || var.network.endpoint_security_group_id != null && var.network.s3_prefix_list_id != null
    error_message = "Tasks use VPC endpoints: the network needs endpoint_security_group_id and s3_prefix_list_id, or render the module with outbound = \"nat-gateway\"."
  }
}

variable "datastores" {
  description = "True if there is a database or a cache in the network."
  type        = bool
  default     = true # why: a system without data is the exception
  nullable    = false
}

variable "ipv6" {
  description = "True if the load balancer has IPv6 addresses. The runbook matches it."
  type        = bool
  default     = false # why: every network has IPv4, and an existing VPC may have no IPv6 range
  nullable    = false
}

variable "public_load_balancer" {
  description = "True if the load balancer is on the internet."
  type        = bool
  default     = false # why: an internal load balancer cannot be reached without CloudFront and its WAF
  nullable    = false
}

variable "outbound" {
  description = "How tasks reach AWS services and the internet: vpc-endpoints, nat-gateway or both."
  type        = string
  default     = "vpc-endpoints" # notes: ecs-fargate.outbound-prefer-vpc-endpoint endpoints rather than NAT
  nullable    = false
}

variable "vpc_origin" {
  description = "True if CloudFront reaches the load balancer inside the VPC."
  type        = bool
  default     = true # why: an internal load balancer cannot be reached without CloudFront and its WAF
  nullable    = false
}

variable "shell_endpoint" {
  description = "True if people can open shells in containers (ECS Exec)."
  type        = bool
  default     = false # why: a shell is an exception
  nullable    = false
}
