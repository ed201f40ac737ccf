part "edge" {
  summary = "What users reach first: DNS records, CloudFront, WAF, and request logs."

  # Used with the part domain. The blueprint declares the variables name, log_retention_days and disposable.

  parameter "load_balancer_arn" {
    description = "ARN of the load balancer behind CloudFront."
  }

  parameter "load_balancer_dns_name" {
    description = "DNS name of the load balancer."
  }

  parameter "load_balancer_zone_id" {
    description = "Hosted zone ID of the load balancer."
  }

  parameter "certificate_records" {
    description = "Whether CloudFront's certificate needs DNS records of its own: not if there is another certificate for the domain, for which ACM asks for the same record."
    default     = false
  }
}

option "cdn" {
  type        = bool
  default     = true
  description = "Put CloudFront in front of the load balancer, which then has no public address."
  why         = "the load balancer needs no public address, and static files are served from close to the users"
}

option "waf" {
  type        = bool
  default     = true
  description = "Filter requests with WAF: at CloudFront, or at the load balancer if there is no CloudFront."
  notes       = ["security-group.alb-behind-cloudfront-waf"]
}

option "origin" {
  type        = string
  one_of      = ["vpc-origin", "prefix-list"]
  default     = "vpc-origin"
  when        = option.cdn
  description = "How CloudFront reaches the load balancer: inside the VPC (vpc-origin), or over the internet, identified by its address ranges and a secret header (prefix-list)."
  why         = "an internal load balancer cannot be reached without CloudFront and its WAF"
}

option "static_files" {
  type        = string
  one_of      = ["application", "bucket"]
  default     = "application"
  when        = option.cdn
  description = "Where CloudFront gets static files from: the application, or an S3 bucket that only CloudFront may read (bucket)."
  why         = "most frameworks ship their static files in the image"
}

option "static_versions" {
  type        = string
  one_of      = ["query", "path"]
  default     = "query"
  when        = option.cdn
  description = "How the application marks a new version of a static file: in the query string, as in app.js?v=2 (query), or in the path, as in app-3f2a.js (path), with a higher hit ratio."
  why         = "with path, frameworks that append ?v=2 would show users the old file"
}

option "error_pages" {
  type        = bool
  default     = false
  when        = option.cdn
  description = "Let CloudFront serve its own error pages, from /errors/."
  why         = "the application's own 403 would become a 404"
}

option "ipv6" {
  type        = bool
  default     = false
  when        = !option.cdn # CloudFront serves IPv6 by itself, and reaches the load balancer over IPv4
  description = "Without CloudFront, let users reach the load balancer over IPv6 too. An existing VPC needs IPv6 ranges in its public subnets."
  why         = "every network has IPv4, and an existing VPC may have no IPv6 range"
}

option "access" {
  type        = string
  one_of      = ["everyone", "office-paths", "office-only", "office-or-token"]
  default     = "everyone"
  description = "Who may reach the application: everyone, everyone except on some paths (office-paths), offices only (office-only), or offices and tools with a token (office-or-token)."
  why         = "most sites are for everyone"

  validation {
    condition     = option.access == "everyone" || option.waf
    error_message = "Any access other than everyone needs waf = true: WAF is what recognises the offices."
  }
}

option "block_user_agents" {
  type        = bool
  default     = false
  when        = option.waf
  description = "Block some user agents with WAF."
  why         = "only the owner of the site knows which clients are unwanted"
}

variable "origin_secrets" {
  description = "Values of the header that identifies CloudFront to the load balancer. The first is sent; all are accepted. They are stored in the state."
  type        = list(string)
  sensitive   = true
  nullable    = false

  validation {
    condition     = length(var.origin_secrets) >= 1 && length(var.origin_secrets) <= 2 && alltrue([for secret in var.origin_secrets : can(regex("^[A-Za-z0-9]{32,128}$", secret))])
    error_message = "Set one secret, or two while it is being rotated, each of 32 to 128 letters and digits; generate one with: openssl rand -hex 32."
  }
}

component "logs" {
  template = "log-bucket"
  with = {
    name           = var.name
    alb_logs       = true
    cdn_logs       = option.cdn
    retention_days = var.log_retention_days
    disposable     = var.disposable
  }
}

component "static_files" {
  template = "static-bucket"
  file     = "static-files.tf"
  when     = option.static_files == "bucket"
  with = {
    name       = var.name
    disposable = var.disposable
  }
}

component "edge_certificate" {
  template = "certificate"
  file     = "certificate.tf"
  when     = option.cdn
  region   = "us-east-1" # notes: acm.cloudfront-certificate-region where the certificate for CloudFront must be
  with = {
    name           = "${var.name}-edge"
    domain_name    = var.domain_name
    zone_id        = component.zone.zone_id
    create_records = part.certificate_records
  }
}

component "waf" {
  template = "waf"
  when     = option.waf
  region   = option.cdn ? "us-east-1" : null # notes: waf.region-by-attached-resource us-east-1 for CloudFront
  with = {
    name               = option.cdn ? "${var.name}-${component.logs.region}" : var.name # all web ACLs for CloudFront are in one region, whatever they serve
    scope              = option.cdn ? "CLOUDFRONT" : "REGIONAL"
    load_balancer_arn  = option.cdn ? null : part.load_balancer_arn
    access             = option.access
    block_user_agents  = option.block_user_agents
    log_retention_days = var.log_retention_days
  }
}

component "cdn" {
  template = "cdn"
  when     = option.cdn
  with = {
    name               = var.name
    domain_name        = var.domain_name
    certificate_arn    = component.edge_certificate.arn
    web_acl_arn        = option.waf ? component.waf.arn : null
    vpc_origin         = option.origin == "vpc-origin"
    origin_arn         = part.load_balancer_arn
    origin_domain_name = part.load_balancer_dns_name
    origin_secret      = var.origin_secrets[0]
    log_bucket         = component.logs.acl_bucket_id
    price_class        = startswith(home_region(option.home), "sa-") || startswith(option.home, "Australia/") ? "PriceClass_All" : "PriceClass_200" # only the first has edge locations there
    error_pages        = option.error_pages
    static_versions    = option.static_versions

    static_bucket             = option.static_files == "bucket"
    static_bucket_id          = option.static_files == "bucket" ? component.static_files.bucket_id : null
    static_bucket_arn         = option.static_files == "bucket" ? component.static_files.bucket_arn : null
    static_bucket_domain_name = option.static_files == "bucket" ? component.static_files.domain_name : null
  }
}

component "dns" {
  template = "dns"
  with = {
    zone_id            = component.zone.zone_id
    domain_name        = var.domain_name
    target_domain_name = option.cdn ? component.cdn.domain_name : part.load_balancer_dns_name
    target_zone_id     = option.cdn ? component.cdn.zone_id : part.load_balancer_zone_id
    ipv6               = option.cdn || option.ipv6
  }
}

output "url" {
  description = "Address of the application."
  value       = "https://${component.dns.fqdn}"
}

output "distribution_id" {
  description = "ID of the CloudFront distribution, for invalidations."
  value       = component.cdn.distribution_id
  when        = option.cdn
}

output "log_bucket" {
  description = "Name of the bucket for access logs."
  value       = component.logs.bucket_id
}

output "static_bucket" {
  description = "Name of the bucket to upload static files to."
  value       = component.static_files.bucket_id
  when        = option.static_files == "bucket"
}
