variable "zone_id" {
  description = "Id of the Route 53 hosted zone that the records are written to."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^Z[A-Z0-9]{7,31}$", var.zone_id))
    error_message = "zone_id must be the id of a hosted zone: Z and 7 to 31 more capital letters and digits, without /hostedzone/ in front."
  }
}

variable "domain_name" {
  description = "Domain name that clients ask for."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", var.domain_name))
    error_message = "domain_name must be a domain such as example.com or app.example.com, in lower case and without a dot at the end."
  }
}

variable "target_domain_name" {
  description = "DNS name of the load balancer or distribution that answers."
  type        = string
  nullable    = false
}

variable "target_zone_id" {
  description = "Hosted zone id of the load balancer or distribution that answers."
  type        = string
  nullable    = false
}
