variable "zone_id" {
  description = "ID of the Route 53 hosted zone that the records are written to."
  type        = string
  nullable    = false
}

variable "domain_name" {
  description = "Domain name that clients request."
  type        = string
  nullable    = false
}

variable "target_domain_name" {
  description = "DNS name of the load balancer or distribution that answers."
  type        = string
  nullable    = false
}

variable "target_zone_id" {
  description = "Hosted zone ID of the load balancer or distribution that answers."
  type        = string
  nullable    = false
}

variable "ipv6" {
  description = "True if the target has IPv6 addresses."
  type        = bool
  default     = true # why: CloudFront has them
  nullable    = false
}
