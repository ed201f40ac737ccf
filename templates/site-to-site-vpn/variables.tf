variable "name" {
  description = "Name of the system, and prefix of every resource name."
  type        = string
}

variable "transit_gateway_id" {
  description = "Transit gateway that the VPN leads to."
  type        = string
}

variable "transit_gateway_asn" {
  description = "BGP ASN of the transit gateway."
  type        = number
}

variable "customer_gateway" {
  description = "Router at the other end: its fixed public IPv4 address, and its BGP ASN."
  type        = object({ address = string, asn = optional(number, 65000) })

  validation {
    condition     = can(cidrnetmask("${var.customer_gateway.address}/32")) && !can(regex("^(0|10|127|169\\.254|172\\.(1[6-9]|2[0-9]|3[01])|192\\.168|22[4-9]|2[3-5][0-9])\\.", var.customer_gateway.address))
    error_message = "The address must be a public IPv4 address, such as 203.0.113.10."
  }

  validation {
    condition     = var.customer_gateway.asn >= 1 && var.customer_gateway.asn <= 4294967294 && floor(var.customer_gateway.asn) == var.customer_gateway.asn && !contains([7224, 9059, 10124, 17943], var.customer_gateway.asn)
    error_message = "The ASN must be a whole number from 1 to 4294967294. AWS reserves 7224, 9059, 10124 and 17943."
  }
}

variable "log_retention_days" {
  description = "Retention of the tunnels' logs, in days."
  type        = number
  default     = 90 # why: long enough to investigate an incident that is noticed late
  nullable    = false
}
