variable "name" {
  description = "Name of the certificate, as a tag."
  type        = string
  nullable    = false
}

variable "domain_name" {
  description = "Domain that the certificate is for; its direct subdomains are covered too."
  type        = string
  nullable    = false
}

variable "zone_id" {
  description = "ID of the public Route 53 hosted zone that contains the domain."
  type        = string
  nullable    = false
}

variable "create_records" {
  description = "Create the DNS record that proves ownership; false if another certificate of the same domain and account does."
  type        = bool
  default     = true # why: DNS validation needs the record that ACM asks for
  nullable    = false
}
