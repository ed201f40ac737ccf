variable "name" {
  description = "Name of the certificate, as a tag."
  type        = string
  nullable    = false
}

variable "domain_name" {
  description = "Domain that the certificate is for; its subdomains of the next level are covered too."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", var.domain_name)) && length(var.domain_name) <= 62
    error_message = "domain_name must be a domain such as example.com or app.example.com, in lower case, at most 62 characters, without a wildcard and without a dot at the end."
  }
}

variable "zone_id" {
  description = "Id of the public Route 53 hosted zone that holds the domain."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^Z[A-Z0-9]{7,31}$", var.zone_id))
    error_message = "zone_id must be the id of a hosted zone: Z and 7 to 31 more capital letters and digits, without /hostedzone/ in front."
  }
}

variable "global" {
  description = "Whether the certificate is for CloudFront, which takes it from us-east-1."
  type        = bool
  default     = false # notes: acm.alb-certificate-region a load balancer takes its certificate from its own region
  nullable    = false
}

variable "create_records" {
  description = "Whether to write the DNS record that proves ownership; false when another certificate of the same domain and account does."
  type        = bool
  default     = true # notes: acm.dns-validation DNS validation needs the record that ACM asks for
  nullable    = false
}

variable "aws_provider" {
  description = "Major version of the AWS provider."
  type        = string
  default     = "6" # why: the newest
  nullable    = false

  validation {
    condition     = contains(["5", "6"], var.aws_provider)
    error_message = "aws_provider must be \"5\" or \"6\"."
  }
}
