resource "aws_cloudfront_distribution" "cdn" {
  # checkov:skip=CKV2_AWS_47:managed rule groups of the web ACL count before they block
  # checkov:skip=CKV2_AWS_46:the origin is a load balancer, no bucket
  # checkov:skip=CKV_AWS_305:the application answers /, there is no root object
  # checkov:skip=CKV_AWS_310:the one origin is a load balancer over several zones
  # checkov:skip=CKV_AWS_374:the site is open to every country
  comment         = var.name
  enabled         = true
  aliases         = [var.domain_name]         # notes 07: without it CloudFront refuses the name
  web_acl_id      = aws_wafv2_web_acl.waf.arn # notes 26: filtered before it reaches the VPC
  price_class     = "PriceClass_200"          # notes 07: the users are in Asia
  is_ipv6_enabled = true
  http_version    = "http2and3" # why: HTTP/3 is faster on mobile networks, and browsers fall back

  origin {
    origin_id   = "load-balancer"
    domain_name = aws_lb.load_balancer.dns_name

    vpc_origin_config {
      vpc_origin_id = aws_cloudfront_vpc_origin.cdn.id
    }
  }

  # Pages and the API: all of a request reaches the application, nothing is cached.
  default_cache_behavior {
    target_origin_id           = "load-balancer"
    viewer_protocol_policy     = "redirect-to-https"
    allowed_methods            = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"] # notes 07: dynamic paths also write
    cached_methods             = ["GET", "HEAD"]
    compress                   = true                                               # notes 07: less to send to viewers that can unpack
    cache_policy_id            = data.aws_cloudfront_cache_policy.cdn_disabled.id   # notes 07: each answer is for one user
    origin_request_policy_id   = aws_cloudfront_origin_request_policy.cdn.id        # notes 07: the origin has a certificate for Host
    response_headers_policy_id = data.aws_cloudfront_response_headers_policy.cdn.id # why: adds HSTS and the other security headers
  }

  dynamic "ordered_cache_behavior" {
    for_each = var.cdn_static_path_patterns

    content {
      path_pattern               = ordered_cache_behavior.value
      target_origin_id           = "load-balancer"
      viewer_protocol_policy     = "redirect-to-https"
      allowed_methods            = ["GET", "HEAD"] # notes 07: static files are only read
      cached_methods             = ["GET", "HEAD"]
      compress                   = true
      cache_policy_id            = data.aws_cloudfront_cache_policy.cdn_optimized.id # notes 07: one copy serves every viewer
      origin_request_policy_id   = data.aws_cloudfront_origin_request_policy.cdn_host.id
      response_headers_policy_id = data.aws_cloudfront_response_headers_policy.cdn.id
    }
  }

  viewer_certificate {
    acm_certificate_arn      = aws_acm_certificate_validation.edge_certificate.certificate_arn # notes 07: proves the name in aliases
    minimum_protocol_version = "TLSv1.2_2021"                                                  # notes 07: TLS 1.2 and 1.3, without weak ciphers
    ssl_support_method       = "sni-only"
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  logging_config {
    bucket = "${aws_s3_bucket_ownership_controls.logs.bucket}.s3.amazonaws.com" # notes 07: every request is on record
    prefix = "cdn/"
  }
}

# The load balancer has no public address: CloudFront reaches it inside the VPC.
resource "aws_cloudfront_vpc_origin" "cdn" {
  vpc_origin_endpoint_config {
    name                   = var.name
    arn                    = aws_lb.load_balancer.arn
    http_port              = 80
    https_port             = 443
    origin_protocol_policy = "https-only" # notes 07: as the listener speaks

    origin_ssl_protocols {
      items    = ["TLSv1.2"]
      quantity = 1
    }
  }
}

# All viewer headers (with Host, so that the certificate matches), query strings and cookies.
resource "aws_cloudfront_origin_request_policy" "cdn" {
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
      items = ["_ga"] # notes 07: only the browser reads it
    }
  }
}

data "aws_cloudfront_cache_policy" "cdn_disabled" {
  name = "Managed-CachingDisabled"
}

data "aws_cloudfront_cache_policy" "cdn_optimized" {
  name = "Managed-CachingOptimized"
}

data "aws_cloudfront_origin_request_policy" "cdn_host" {
  name = "Managed-HostHeaderOnly"
}

data "aws_cloudfront_response_headers_policy" "cdn" {
  name = "Managed-SecurityHeadersPolicy"
}
