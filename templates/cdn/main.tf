# trivy:ignore:AWS-0011 reported only if waf = false was chosen
resource "aws_cloudfront_distribution" "this" {
  # checkov:skip=CKV_AWS_68:reported only if waf = false was chosen
  # checkov:skip=CKV2_AWS_47:managed rule groups of the web ACL count first, then block
  # checkov:skip=CKV2_AWS_46:load balancers do not support origin access control
  # checkov:skip=CKV_AWS_305:the application answers /, so there is no root object
  # checkov:skip=CKV_AWS_310:the load balancer is already in several zones
  # checkov:skip=CKV_AWS_374:the site is open to every country
  comment         = var.name
  enabled         = true
  aliases         = [var.domain_name] # notes: cloudfront.cname-required-for-route53 required, because Route53 routes here
  web_acl_id      = var.web_acl_arn   # notes: security-group.alb-behind-cloudfront-waf WAF restricts requests here, in front of the load balancer
  price_class     = var.price_class   # notes: cloudfront.price-class-includes-asia edge locations in Asia too
  is_ipv6_enabled = true
  http_version    = "http2and3" # why: HTTP/3 is faster on mobile networks, and browsers fall back

  # notes: cloudfront.origin-domain-name the application, by the DNS name of its load balancer
  origin {
    origin_id   = "load-balancer"
    domain_name = var.origin_domain_name

    dynamic "vpc_origin_config" {
      for_each = var.vpc_origin ? [1] : []

      content {
        vpc_origin_id = aws_cloudfront_vpc_origin.this[0].id
      }
    }

    dynamic "custom_origin_config" {
      for_each = var.vpc_origin ? [] : [1]

      content {
        http_port              = 80
        https_port             = 443
        origin_protocol_policy = "https-only" # notes: cloudfront.origin-protocol-policy, cloudfront.origin-protocol-matches-alb-listener the listener's protocol
        origin_ssl_protocols   = ["TLSv1.2"]
      }
    }

    # All distributions worldwide share the same addresses: this header identifies ours to the load balancer.
    dynamic "custom_header" {
      for_each = var.vpc_origin ? [] : [1]

      content {
        name  = "X-Origin-Verify"
        value = var.origin_secret
      }
    }
  }

  # notes: cloudfront.origin-certificate-without-host a bucket never receives Host: its certificate is for its own name
  dynamic "origin" {
    for_each = var.static_bucket ? [1] : []

    content {
      origin_id                = "static-files"
      domain_name              = var.static_bucket_domain_name
      origin_access_control_id = aws_cloudfront_origin_access_control.static[0].id # notes: cloudfront.origin-access-identity CloudFront signs its requests to the bucket
    }
  }

  # Pages and the API: requests reach the application unchanged, and nothing is cached.
  # notes: cloudfront.default-behavior-first the main behaviour is the default one; paths not matched below are dynamic
  # notes: cloudfront.restrict-viewer-access-off viewers need no signed URL
  default_cache_behavior {
    target_origin_id           = "load-balancer"
    viewer_protocol_policy     = "redirect-to-https"                                          # notes: cloudfront.viewer-protocol-policy HTTP is redirected to HTTPS
    allowed_methods            = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"] # notes: cloudfront.allowed-methods-dynamic all methods on dynamic paths
    cached_methods             = ["GET", "HEAD"]                                              # why: the smallest set; nothing is cached here
    compress                   = true                                                         # notes: cloudfront.compress on, as everywhere; takes effect once the policy caches
    cache_policy_id            = data.aws_cloudfront_cache_policy.disabled.id                 # notes: cloudfront.forward-without-caching all three lifetimes are 0: each response is for one user
    origin_request_policy_id   = aws_cloudfront_origin_request_policy.this.id                 # notes: cloudfront.forwarding-level all headers and query strings, and all cookies but two
    response_headers_policy_id = data.aws_cloudfront_response_headers_policy.this.id          # why: adds HSTS and the other security headers
  }

  # Static files: one copy in the cache serves every viewer.
  # Evaluated in this order; the first match applies.
  dynamic "ordered_cache_behavior" {
    for_each = var.error_pages && var.static_bucket ? concat(var.static_path_patterns, ["/errors/*"]) : var.static_path_patterns

    content {
      path_pattern               = ordered_cache_behavior.value
      target_origin_id           = var.static_bucket ? "static-files" : "load-balancer"
      viewer_protocol_policy     = "redirect-to-https"
      allowed_methods            = ["GET", "HEAD"] # notes: cloudfront.allowed-methods-static only GET; HEAD comes with it
      cached_methods             = ["GET", "HEAD"]
      compress                   = true # notes: cloudfront.compress faster downloads for viewers that accept gzip
      cache_policy_id            = aws_cloudfront_cache_policy.static.id
      origin_request_policy_id   = var.static_bucket ? null : data.aws_cloudfront_origin_request_policy.host[0].id # notes: cloudfront.origin-certificate-with-host, acm.cloudfront-alb-same-domain its certificate is for Host
      response_headers_policy_id = data.aws_cloudfront_response_headers_policy.this.id
    }
  }

  # notes: cloudfront.custom-error-403-to-404 where an origin answers 403 for a missing file, its own page is shown, with 404
  dynamic "custom_error_response" {
    for_each = var.error_pages ? [403] : []

    content {
      error_code            = custom_error_response.value
      response_code         = 404
      response_page_path    = "/errors/404.html" # why: a path of the origin that has the page
      error_caching_min_ttl = 10                 # why: after a fix the error page disappears within seconds
    }
  }

  # The application cannot answer; only a bucket can still serve a page.
  dynamic "custom_error_response" {
    for_each = var.error_pages && var.static_bucket ? [502, 503, 504] : []

    content {
      error_code            = custom_error_response.value
      response_code         = 503
      response_page_path    = "/errors/503.html"
      error_caching_min_ttl = 10
    }
  }

  viewer_certificate {
    acm_certificate_arn      = var.certificate_arn # notes: cloudfront.certificate-required-with-cname, cloudfront.origin-https-both-certificates for the name in aliases; the load balancer has its own
    minimum_protocol_version = "TLSv1.2_2021"      # why: TLS 1.2 and 1.3, without weak ciphers
    ssl_support_method       = "sni-only"
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  logging_config {
    bucket = "${var.log_bucket}.s3.amazonaws.com" # notes: cloudfront.standard-logging access logs, to S3
    prefix = "cdn/"
  }
}

# A VPC origin cannot be changed while the distribution uses it: a new load balancer gets a new origin.
resource "terraform_data" "origin" {
  count = var.vpc_origin ? 1 : 0

  input = var.origin_arn
}

# The load balancer has no public address: CloudFront reaches it inside the VPC.
resource "aws_cloudfront_vpc_origin" "this" {
  count = var.vpc_origin ? 1 : 0

  vpc_origin_endpoint_config {
    name                   = var.name
    arn                    = var.origin_arn
    http_port              = 80 # why: required, but not used
    https_port             = 443
    origin_protocol_policy = "https-only" # notes: cloudfront.origin-protocol-policy, cloudfront.origin-protocol-matches-alb-listener the listener's protocol

    origin_ssl_protocols {
      items    = ["TLSv1.2"]
      quantity = 1
    }
  }

  lifecycle {
    create_before_destroy = true
    replace_triggered_by  = [terraform_data.origin]
  }
}

data "aws_region" "current" {}

# notes: cloudfront.ttl-zero-disables-cache, cloudfront.min-ttl-zero-when-all-headers all three TTLs are 0, as required when forwarding all headers
data "aws_cloudfront_cache_policy" "disabled" {
  name = "Managed-CachingDisabled"
}

# Dynamic paths: all headers (with Host, so that the certificate matches), query strings and cookies.
# notes: cloudfront.header-caching with all headers forwarded nothing is cached
resource "aws_cloudfront_origin_request_policy" "this" {
  name = "${var.name}-dynamic-${data.aws_region.current.id}" # why: these names are unique in the account, across all regions

  headers_config {
    header_behavior = "allViewer" # why: with Host, so that the certificate matches
  }

  query_strings_config {
    query_string_behavior = "all"
  }

  cookies_config {
    cookie_behavior = "allExcept" # notes: cloudfront.allow-session-cookie-on-form-paths the session cookie is always forwarded

    cookies {
      items = ["_ga", "_gid"] # notes: cloudfront.do-not-forward-google-analytics-cookie, cloudfront.do-not-forward-changing-cookies the origin does not need them
    }
  }
}

# Static files: only their URL is the cache key, so nearly every request is a cache hit.
resource "aws_cloudfront_cache_policy" "static" {
  name = "${var.name}-static-${data.aws_region.current.id}"

  # notes: cloudfront.object-caching by the origin's Cache-Control, within these limits
  min_ttl     = 0        # why: respects origins that forbid caching
  default_ttl = 86400    # why: a day, for files without a lifetime
  max_ttl     = 31536000 # why: a year, for files with a hash in their name

  # notes: cloudfront.forward-none-for-hit-ratio, cloudfront.static-values-as-cache-key the fewer values in the key, the more hits
  parameters_in_cache_key_and_forwarded_to_origin {
    enable_accept_encoding_gzip   = true # notes: cloudfront.compress gzip where the viewer accepts it
    enable_accept_encoding_brotli = true

    headers_config {
      header_behavior = "none" # notes: cloudfront.no-dynamic-header-in-cache-key a date would make every request a miss
    }

    query_strings_config {
      query_string_behavior = var.static_versions == "query" ? "all" : "none" # notes: cloudfront.static-values-as-cache-key a version in the query string does not change by itself
    }

    cookies_config {
      cookie_behavior = "none"
    }
  }
}

data "aws_cloudfront_origin_request_policy" "host" {
  count = var.static_bucket ? 0 : 1

  name = "Managed-HostHeaderOnly"
}

data "aws_cloudfront_response_headers_policy" "this" {
  name = "Managed-SecurityHeadersPolicy"
}

resource "aws_cloudfront_origin_access_control" "static" {
  count = var.static_bucket ? 1 : 0

  name                              = "${var.name}-static-${data.aws_region.current.id}"
  origin_access_control_origin_type = "s3"
  signing_behavior                  = "always"
  signing_protocol                  = "sigv4"
}

# It is here, not with the bucket, because it refers to the distribution.
resource "aws_s3_bucket_policy" "static" {
  count = var.static_bucket ? 1 : 0

  bucket = var.static_bucket_id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "EncryptedTransportOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [var.static_bucket_arn, "${var.static_bucket_arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      # notes: s3.cloudfront-read-policy-required, s3.cloudfront-read-bucket-policy only our distribution may read
      {
        Sid       = "DistributionReads"
        Effect    = "Allow"
        Principal = { Service = "cloudfront.amazonaws.com" }
        Action    = "s3:GetObject"
        Resource  = "${var.static_bucket_arn}/*" # notes: s3.arn-suffix ends in /*: the objects, not the bucket
        Condition = { StringEquals = { "AWS:SourceArn" = aws_cloudfront_distribution.this.arn } }
      },
    ]
  })
}
