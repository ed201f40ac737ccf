part "domain" {
  summary = "The domain name, its hosted zone, and the certificate of a load balancer."

  # The blueprint declares the variables name and disposable.

  parameter "certificate" {
    description = "Whether something in the region, such as a load balancer, needs a certificate."
    default     = true
  }
}

option "hosted_zone" {
  type        = string
  one_of      = ["existing", "new"]
  default     = "existing"
  description = "Use an existing Route 53 hosted zone for the domain (existing), or create one (new)."
  why         = "the zone of a domain usually exists, with records of other systems"
}

variable "domain_name" {
  description = "Domain name under which users reach the application."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", var.domain_name)) && length(var.domain_name) <= 62
    error_message = "The domain name must be a full name such as www.example.com, in lower case, at most 62 characters, without a wildcard and without a trailing dot."
  }
}

component "zone" {
  file = "dns.tf"

  use "hosted-zone" {
    when = option.hosted_zone == "new"
    with = { host_name = var.domain_name, disposable = var.disposable }
  }

  use "given-zone" {
    when   = option.hosted_zone == "existing"
    expose = { id = "hosted_zone_id" }
  }
}

component "certificate" {
  template = "certificate"
  when     = part.certificate
  with = {
    name           = var.name
    domain_name    = var.domain_name
    zone_id        = component.zone.zone_id
    create_records = true
  }
}

output "name_servers" {
  description = "Name servers of the hosted zone, for the registrar of the domain."
  value       = component.zone.name_servers
  when        = option.hosted_zone == "new"
}
