variable "name" {
  description = "Name of the certificate, as a tag."
  type        = string
  nullable    = false
}

variable "domain_name" {
  description = "Domain that the certificate is for; its subdomains of the next level are covered too."
  type        = string
  nullable    = false
}

variable "zone_id" {
  description = "ID of the public Route 53 hosted zone that contains the domain."
  type        = string
  nullable    = false
}

variable "global" {
  description = "Create the certificate for CloudFront, in us-east-1."
  type        = bool
  default     = false # why: a load balancer uses a certificate from its own region
  nullable    = false
}

variable "create_records" {
  description = "Create the DNS record that proves ownership; false if another certificate of the same domain and account does."
  type        = bool
  default     = true # why: DNS validation needs the record that ACM asks for
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
