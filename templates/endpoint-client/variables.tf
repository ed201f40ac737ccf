variable "name" {
  description = "Name of the system, and prefix of every resource name."
  type        = string
}

variable "vpc_id" {
  description = "VPC that calls the services."
  type        = string
}

variable "vpc_cidr_block" {
  description = "IPv4 range of the VPC; only it may use the endpoints."
  type        = string
}

variable "subnet_ids" {
  description = "Private subnets, one in each zone, with a free address for each service."
  type        = list(string)
}

variable "services" {
  description = "Endpoint services to call, by name: the service's name, com.amazonaws.vpce.<region>.vpce-svc-<id>, its port, its region if it differs, and private_dns = true once its owner has proved ownership of the domain under which it is then called."
  type = map(object({
    service_name = string
    port         = optional(number, 443)
    region       = optional(string)
    private_dns  = optional(bool, false)
  }))
  nullable = false

  validation {
    condition     = alltrue([for name, service in var.services : can(regex("^[a-z][a-z0-9-]{0,31}$", name)) && can(regex("^[a-z0-9.]+\\.vpce\\.[a-z0-9-]+\\.vpce-svc-[0-9a-f]{8,17}$", service.service_name)) && service.port >= 1 && service.port <= 65535])
    error_message = "Each service needs a name of lower-case letters, digits and hyphens, the name that its owner provides, com.amazonaws.vpce.<region>.vpce-svc-<id>, and a port from 1 to 65535."
  }
}
