variable "name" {
  description = "Name of the distribution and prefix of what belongs to it."
  type        = string
}

variable "domain_name" {
  description = "Domain name under which users reach the site."
  type        = string
}

variable "certificate_arn" {
  description = "ARN of the validated ACM certificate, in us-east-1."
  type        = string # notes: cloudfront.certificate-in-us-east-1 from nowhere else
}

variable "web_acl_arn" {
  description = "ARN of a WAF web ACL with scope CLOUDFRONT. Null for none."
  type        = string
  default     = null # why: the web ACL comes from another template and may be left out
}

variable "origin_arn" {
  description = "ARN of the internal load balancer."
  type        = string
}

variable "origin_domain_name" {
  description = "DNS name of the internal load balancer."
  type        = string
}

variable "log_bucket" {
  description = "Name of the S3 bucket that takes the access logs under cdn/. Its ACLs must already be enabled."
  type        = string
}

variable "price_class" {
  description = "Which edge locations serve the site."
  type        = string
  default     = "PriceClass_200" # notes: cloudfront.price-class-includes-asia edge locations in Asia

  validation {
    condition     = contains(["PriceClass_100", "PriceClass_200", "PriceClass_All"], var.price_class)
    error_message = "The price class is PriceClass_100 (North America, Europe), PriceClass_200 (with Asia) or PriceClass_All."
  }
}

variable "static_path_patterns" {
  description = "Path patterns of static files. They are cached, without cookies and query strings."
  type        = list(string)
  default     = ["/assets/*", "/static/*"] # why: where web frameworks put files that are the same for every user

  validation {
    condition     = length(var.static_path_patterns) <= 24 && alltrue([for pattern in var.static_path_patterns : startswith(pattern, "/")])
    error_message = "There are at most 24 path patterns, and each starts with a slash, for example /assets/*."
  }
}

variable "error_page_path" {
  description = "Path of a page that is shown with status 404 when the origin answers 403. Null for none."
  type        = string
  default     = null # why: 403 means a missing file only with an S3 origin; an application says 404 itself

  validation {
    condition     = try(startswith(var.error_page_path, "/"), var.error_page_path == null)
    error_message = "The error page is a path that starts with a slash, for example /errors/404.html, or null."
  }
}
