resource "aws_cloudfront_distribution" "this" {
  # checkov:skip=CKV2_AWS_47:managed rule groups of the web ACL count before they block
  # checkov:skip=CKV2_AWS_46:the origin is a load balancer, no bucket
  # checkov:skip=CKV_AWS_305:the application answers /, there is no root object
  # checkov:skip=CKV_AWS_310:the one origin is a load balancer over several zones
  # checkov:skip=CKV_AWS_374:the site is open to every country
  comment         = var.name
  enabled         = true
  aliases         = [var.domain_name] # notes: cloudfront.cname-required-for-route53 Route53 routes to it by this name
  web_acl_id      = var.web_acl_arn   # notes: security-group.alb-behind-cloudfront-waf WAF stands at CloudFront, in front of the load balancer
  price_class     = var.price_class
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
    allowed_methods            = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"] # notes: cloudfront.allowed-methods-dynamic all methods for dynamic paths
    cached_methods             = ["GET", "HEAD"]
    compress                   = true                                                # notes: cloudfront.compress compress what the viewer can unpack
    cache_policy_id            = data.aws_cloudfront_cache_policy.disabled.id        # notes: cloudfront.forward-without-caching forward everything, cache nothing
    origin_request_policy_id   = aws_cloudfront_origin_request_policy.this.id        # notes: cloudfront.origin-certificate-with-host the certificate of the origin matches Host
    response_headers_policy_id = data.aws_cloudfront_response_headers_policy.this.id # why: HSTS and the other security headers
  }

  dynamic "ordered_cache_behavior" {
    for_each = var.static_path_patterns

    content {
      path_pattern               = ordered_cache_behavior.value
      target_origin_id           = "load-balancer"
      viewer_protocol_policy     = "redirect-to-https"
      allowed_methods            = ["GET", "HEAD"] # notes: cloudfront.allowed-methods-static static files are only read
      cached_methods             = ["GET", "HEAD"]
      compress                   = true                                                # notes: cloudfront.compress compress what the viewer can unpack
      cache_policy_id            = data.aws_cloudfront_cache_policy.optimized.id       # notes: cloudfront.forward-none-for-hit-ratio headers, cookies and query strings are no cache keys
      origin_request_policy_id   = data.aws_cloudfront_origin_request_policy.host.id   # notes: cloudfront.origin-certificate-with-host the certificate of the origin matches Host
      response_headers_policy_id = data.aws_cloudfront_response_headers_policy.this.id # why: HSTS and the other security headers
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
    acm_certificate_arn      = var.certificate_arn # notes: cloudfront.certificate-required-with-cname a name of its own needs its certificate
    minimum_protocol_version = "TLSv1.2_2021"      # notes: cloudfront.security-policy the TLS versions that viewers may use
    ssl_support_method       = "sni-only"
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  logging_config {
    bucket = var.log_bucket_domain_name # notes: cloudfront.standard-logging access logs go to S3
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
    origin_protocol_policy = "https-only" # notes: cloudfront.origin-protocol-matches-alb-listener the listener speaks HTTPS

    origin_ssl_protocols {
      items    = ["TLSv1.2"]
      quantity = 1
    }
  }
}

# All viewer headers (with Host, so that the certificate of the load balancer matches), query strings and cookies.
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
      items = ["_ga"] # notes: cloudfront.do-not-forward-google-analytics-cookie the origin has no use for it
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
