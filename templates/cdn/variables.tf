variable "name" {
  description = "Name of the distribution, and prefix of related resources."
  type        = string
}

variable "domain_name" {
  description = "Domain name under which users reach the site."
  type        = string
}

variable "certificate_arn" {
  description = "ARN of the validated ACM certificate, in us-east-1."
  type        = string
}

variable "web_acl_arn" {
  description = "ARN of a WAF web ACL with scope CLOUDFRONT. Null for none."
  type        = string
  default     = null # why: the web ACL comes from another template and may be left out
}

variable "vpc_origin" {
  description = "Reach an internal load balancer through a VPC origin. Otherwise the load balancer is on the internet and recognises CloudFront by a secret header."
  type        = bool
  default     = true # why: an internal load balancer cannot be reached without CloudFront and its WAF
  nullable    = false
}

variable "origin_arn" {
  description = "ARN of the load balancer."
  type        = string
}

variable "origin_domain_name" {
  description = "DNS name of the load balancer."
  type        = string
}

variable "origin_secret" {
  description = "Value of the header X-Origin-Verify that CloudFront sends to a load balancer on the internet."
  type        = string
  default     = null # why: a VPC origin does not need it
  sensitive   = true
}

variable "static_bucket" {
  description = "Serve static files from an S3 bucket. Otherwise the application serves them."
  type        = bool
  default     = false # why: most frameworks ship their static files in the image
  nullable    = false
}

variable "static_bucket_id" {
  description = "Name of the bucket for static files."
  type        = string
  default     = null # why: only with static_bucket
}

variable "static_bucket_arn" {
  description = "ARN of the bucket for static files."
  type        = string
  default     = null # why: only with static_bucket
}

variable "static_bucket_domain_name" {
  description = "Regional domain name of the bucket for static files."
  type        = string
  default     = null # why: only with static_bucket
}

variable "log_bucket" {
  description = "Name of the S3 bucket for the access logs, under cdn/. Its ACLs must already be enabled."
  type        = string
}

variable "price_class" {
  description = "Which edge locations serve the site."
  type        = string
  default     = "PriceClass_200" # notes: cloudfront.price-class-includes-asia edge locations in Asia too

  validation {
    condition     = contains(["PriceClass_100", "PriceClass_200", "PriceClass_All"], var.price_class)
    error_message = "The price class must be PriceClass_100 (North America, Europe), PriceClass_200 (with Asia) or PriceClass_All."
  }
}

variable "static_path_patterns" {
  description = "Path patterns of static files. They are cached, one copy for all users."
  type        = list(string)
  default     = ["/assets/*", "/static/*"] # why: where web frameworks put files that are the same for every user

  validation {
    condition     = length(var.static_path_patterns) <= 24 && alltrue([for pattern in var.static_path_patterns : startswith(pattern, "/")])
    error_message = "There can be at most 24 path patterns, each starting with a slash, for example /assets/*."
  }
}

variable "static_versions" {
  description = "Where the URL of a static file shows its version: in its query string (query), as in app.js?v=2, or in its path (path)."
  type        = string
  default     = "query" # why: with path, frameworks that append ?v=2 would show users the old file
  nullable    = false

  validation {
    condition     = contains(["query", "path"], var.static_versions)
    error_message = "The versions must be in the query or the path."
  }
}

variable "error_pages" {
  description = "Let CloudFront serve error pages: /errors/404.html when an origin answers 403, and with a bucket /errors/503.html when the application does not answer."
  type        = bool
  default     = false # why: the application's own 403 would become a 404
  nullable    = false
}
