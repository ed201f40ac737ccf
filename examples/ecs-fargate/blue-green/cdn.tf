resource "aws_cloudfront_distribution" "cdn" {
  # checkov:skip=CKV2_AWS_47:managed rule groups of the web ACL count before they block
  # checkov:skip=CKV_AWS_305:the application answers /, there is no root object
  # checkov:skip=CKV_AWS_310:the one origin is a load balancer over several zones
  # checkov:skip=CKV_AWS_374:the site is open to every country
  comment         = var.name
  enabled         = true
  aliases         = [var.domain_name]         # notes 07: Route53 routes to it by this name
  web_acl_id      = aws_wafv2_web_acl.waf.arn # notes 26: WAF stands at CloudFront, in front of the load balancer
  price_class     = var.cdn_price_class
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
    allowed_methods            = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"] # notes 07: all methods for dynamic paths
    cached_methods             = ["GET", "HEAD"]
    compress                   = true                                               # notes 07: compress what the viewer can unpack
    cache_policy_id            = data.aws_cloudfront_cache_policy.cdn_disabled.id   # notes 07: forward everything, cache nothing
    origin_request_policy_id   = aws_cloudfront_origin_request_policy.cdn.id        # notes 07: the certificate of the origin matches Host
    response_headers_policy_id = data.aws_cloudfront_response_headers_policy.cdn.id # why: HSTS and the other security headers
  }

  dynamic "ordered_cache_behavior" {
    for_each = var.cdn_static_path_patterns

    content {
      path_pattern               = ordered_cache_behavior.value
      target_origin_id           = "load-balancer"
      viewer_protocol_policy     = "redirect-to-https"
      allowed_methods            = ["GET", "HEAD"] # notes 07: static files are only read
      cached_methods             = ["GET", "HEAD"]
      compress                   = true                                                  # notes 07: compress what the viewer can unpack
      cache_policy_id            = data.aws_cloudfront_cache_policy.cdn_optimized.id     # notes 07: headers, cookies and query strings are no cache keys
      origin_request_policy_id   = data.aws_cloudfront_origin_request_policy.cdn_host.id # notes 07: the certificate of the origin matches Host
      response_headers_policy_id = data.aws_cloudfront_response_headers_policy.cdn.id    # why: HSTS and the other security headers
    }
  }

  viewer_certificate {
    acm_certificate_arn      = aws_acm_certificate_validation.edge_certificate.certificate_arn # notes 07: a name of its own needs its certificate
    minimum_protocol_version = "TLSv1.2_2021"                                                  # notes 07: the TLS versions that viewers may use
    ssl_support_method       = "sni-only"
  }

  restrictions {
    geo_restriction {
      restriction_type = "none"
    }
  }

  logging_config {
    bucket = local.logs_bucket_domain_name # notes 07: access logs go to S3
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
    origin_protocol_policy = "https-only" # notes 07: the listener speaks HTTPS

    origin_ssl_protocols {
      items    = ["TLSv1.2"]
      quantity = 1
    }
  }
}

# All viewer headers (with Host, so that the certificate of the load balancer matches), query strings and cookies.
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
      items = ["_ga"] # notes 07: the origin has no use for it
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
