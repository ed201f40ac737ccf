# trivy:ignore:AWS-0011 whether a web ACL stands in front is chosen by the owner
resource "aws_cloudfront_distribution" "this" {
  # checkov:skip=CKV_AWS_68:whether a web ACL stands in front is chosen by the owner
  # checkov:skip=CKV2_AWS_47:managed rule groups of the web ACL count before they block
  # checkov:skip=CKV2_AWS_46:the origin is a load balancer, no bucket
  # checkov:skip=CKV_AWS_305:the application answers /, there is no root object
  # checkov:skip=CKV_AWS_310:the one origin is a load balancer over several zones
  # checkov:skip=CKV_AWS_374:the site is open to every country
  comment         = var.name
  enabled         = true
  aliases         = [var.domain_name] # notes: cloudfront.cname-required-for-route53 without it CloudFront refuses the name
  web_acl_id      = var.web_acl_arn   # notes: security-group.alb-behind-cloudfront-waf filtered before it reaches the VPC
  price_class     = var.price_class   # notes: cloudfront.price-class-includes-asia the users are in Asia
  is_ipv6_enabled = true
  http_version    = "http2and3" # why: HTTP/3 is faster on mobile networks, and browsers fall back

  origin {
    origin_id   = "load-balancer"
    domain_name = var.origin_domain_name

    vpc_origin_config {
      vpc_origin_id = aws_cloudfront_vpc_origin.this.id
    }
  }

  # Pages and the API: all of a request reaches the application, nothing is cached.
  default_cache_behavior {
    target_origin_id           = "load-balancer"
    viewer_protocol_policy     = "redirect-to-https"
    allowed_methods            = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"] # notes: cloudfront.allowed-methods-dynamic dynamic paths also write
    cached_methods             = ["GET", "HEAD"]
    compress                   = true                                                # notes: cloudfront.compress less to send to viewers that can unpack
    cache_policy_id            = data.aws_cloudfront_cache_policy.disabled.id        # notes: cloudfront.forward-without-caching each answer is for one user
    origin_request_policy_id   = aws_cloudfront_origin_request_policy.this.id        # notes: cloudfront.origin-certificate-with-host the origin has a certificate for Host
    response_headers_policy_id = data.aws_cloudfront_response_headers_policy.this.id # why: adds HSTS and the other security headers
  }

  dynamic "ordered_cache_behavior" {
    for_each = var.static_path_patterns

    content {
      path_pattern               = ordered_cache_behavior.value
      target_origin_id           = "load-balancer"
      viewer_protocol_policy     = "redirect-to-https"
      allowed_methods            = ["GET", "HEAD"] # notes: cloudfront.allowed-methods-static static files are only read
      cached_methods             = ["GET", "HEAD"]
      compress                   = true
      cache_policy_id            = data.aws_cloudfront_cache_policy.optimized.id # notes: cloudfront.forward-none-for-hit-ratio one copy serves every viewer
      origin_request_policy_id   = data.aws_cloudfront_origin_request_policy.host.id
      response_headers_policy_id = data.aws_cloudfront_response_headers_policy.this.id
    }
  }

  dynamic "custom_error_response" {
    for_each = var.error_page_path == null ? [] : [403]

    content {
      error_code         = custom_error_response.value
      response_code      = 404 # notes: cloudfront.custom-error-403-to-404 a missing file is no forbidden one
      response_page_path = var.error_page_path
    }
  }

  viewer_certificate {
    acm_certificate_arn      = var.certificate_arn # notes: cloudfront.certificate-required-with-cname proves the name in aliases
    minimum_protocol_version = "TLSv1.2_2021"      # notes: cloudfront.security-policy TLS 1.2 and 1.3, without weak ciphers
    ssl_support_method       = "sni-only"
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  logging_config {
    bucket = "${var.log_bucket}.s3.amazonaws.com" # notes: cloudfront.standard-logging every request is on record
    prefix = "cdn/"
  }
}

# The load balancer has no public address: CloudFront reaches it inside the VPC.
resource "aws_cloudfront_vpc_origin" "this" {
  vpc_origin_endpoint_config {
    name                   = var.name
    arn                    = var.origin_arn
    http_port              = 80
    https_port             = 443
    origin_protocol_policy = "https-only" # notes: cloudfront.origin-protocol-matches-alb-listener as the listener speaks

    origin_ssl_protocols {
      items    = ["TLSv1.2"]
      quantity = 1
    }
  }
}

# All viewer headers (with Host, so that the certificate matches), query strings and cookies.
resource "aws_cloudfront_origin_request_policy" "this" {
  name = "${var.name}-dynamic"

  headers_config {
    header_behavior = "allViewer"
  }

  query_strings_config {
    query_string_behavior = "all"
  }

  cookies_config {
    cookie_behavior = "allExcept"

    cookies {
      items = ["_ga"] # notes: cloudfront.do-not-forward-google-analytics-cookie only the browser reads it
    }
  }
}

data "aws_cloudfront_cache_policy" "disabled" {
  name = "Managed-CachingDisabled"
}

data "aws_cloudfront_cache_policy" "optimized" {
  name = "Managed-CachingOptimized"
}

data "aws_cloudfront_origin_request_policy" "host" {
  name = "Managed-HostHeaderOnly"
}

data "aws_cloudfront_response_headers_policy" "this" {
  name = "Managed-SecurityHeadersPolicy"
}
