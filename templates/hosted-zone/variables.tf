variable "domain_name" {
  description = "Domain of the hosted zone: a registered domain, or a delegated subdomain."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", var.domain_name))
    error_message = "The zone must be a domain such as example.com, in lower case and without a trailing dot."
  }
}

variable "host_name" {
  description = "Name that must be in the zone: Route 53 appends the zone's name to one that is not."
  type        = string
  nullable    = false

  validation {
    condition     = var.host_name == var.domain_name || endswith(var.host_name, ".${var.domain_name}")
    error_message = "The name must be that of the hosted zone, or end with it after a period."
  }
}

variable "records" {
  description = "Additional records of the zone, by a key of your choice. The name is relative to the zone, \"\" for the zone itself."
  type = map(object({
    name   = string
    type   = string
    ttl    = optional(number, 300)
    values = list(string)
  }))
  default  = {} # why: the application needs no more than the records this module creates
  nullable = false

  # notes: route53.record-type an alias can only be A or AAAA
  validation {
    condition     = alltrue([for record in var.records : contains(["A", "AAAA", "CAA", "CNAME", "MX", "NS", "SRV", "TXT"], record.type)])
    error_message = "The type of a record must be A, AAAA, CAA, CNAME, MX, NS, SRV or TXT."
  }

  validation {
    condition     = alltrue([for record in var.records : record.name != "" || !contains(["CNAME", "NS"], record.type)])
    error_message = "The zone apex cannot have a CNAME, and its NS records are managed by Route 53."
  }
}

variable "disposable" {
  description = "Delete the zone even if it contains records that this module did not create."
  type        = bool
  default     = false # why: mail and other servers may depend on them
  nullable    = false
}
