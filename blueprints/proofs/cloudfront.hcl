proof "cloudfront.price-class-includes-asia" {
  every "aws_cloudfront_distribution" {
    price_class = one_of("PriceClass_200", "PriceClass_All")
  }
}

proof "cloudfront.cname-required-for-route53" {
  every "aws_cloudfront_distribution" {
    aliases = ["www.example.com"]
  }

  some "aws_route53_record" {
    name = "www.example.com"

    alias {
      name = refers_to("aws_cloudfront_distribution")
    }
  }
}

proof "cloudfront.certificate-required-with-cname" {
  every "aws_cloudfront_distribution" {
    aliases = ["www.example.com"]

    viewer_certificate {
      acm_certificate_arn            = refers_to("aws_acm_certificate_validation")
      cloudfront_default_certificate = absent()
    }
  }
}

proof "cloudfront.certificate-in-us-east-1" {
  some "aws_acm_certificate" {
    region = "us-east-1"
  }

  every "aws_cloudfront_distribution" {
    viewer_certificate {
      acm_certificate_arn = refers_to("aws_acm_certificate_validation.edge_certificate")
    }
  }

  every "aws_acm_certificate_validation" {
    where {
      certificate_arn = refers_to("aws_acm_certificate.edge_certificate")
    }

    region = "us-east-1"
  }
}

proof "cloudfront.origin-protocol-matches-alb-listener" {
  either {
    every "aws_cloudfront_vpc_origin" {
      vpc_origin_endpoint_config {
        origin_protocol_policy = "https-only"
        https_port             = 443
      }
    }
  }

  either {
    every "aws_cloudfront_distribution" {
      origin {
        where {
          domain_name = refers_to("aws_lb")
        }

        custom_origin_config {
          origin_protocol_policy = "https-only"
          https_port             = 443
        }
      }
    }
  }

  some "aws_lb_listener" {
    port     = 443
    protocol = "HTTPS"
  }
}

proof "cloudfront.default-behavior-first" {
  every "aws_cloudfront_distribution" {
    default_cache_behavior {
      target_origin_id = "load-balancer"
      allowed_methods  = contains("POST")
    }
  }
}

# HEAD comes with GET: CloudFront has no smaller set.
proof "cloudfront.allowed-methods-static" {
  every "aws_cloudfront_distribution" {
    ordered_cache_behavior {
      where {
        path_pattern = set()
      }

      allowed_methods = ["GET", "HEAD"]
    }
  }
}

proof "cloudfront.allowed-methods-dynamic" {
  every "aws_cloudfront_distribution" {
    default_cache_behavior {
      allowed_methods = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]
    }
  }
}

# Managed-CachingDisabled sets all three lifetimes to 0.
proof "cloudfront.min-ttl-zero-when-all-headers" {
  every "aws_cloudfront_origin_request_policy" {
    headers_config {
      header_behavior = "allViewer"
    }
  }

  every "aws_cloudfront_distribution" {
    default_cache_behavior {
      origin_request_policy_id = refers_to("aws_cloudfront_origin_request_policy")
      cache_policy_id          = refers_to("data.aws_cloudfront_cache_policy.cdn_disabled")
    }
  }

  some "data" "aws_cloudfront_cache_policy" {
    name = "Managed-CachingDisabled"
  }
}

proof "cloudfront.restrict-viewer-access-off" {
  every "aws_cloudfront_distribution" {
    default_cache_behavior {
      trusted_key_groups = absent()
      trusted_signers    = absent()
    }

    ordered_cache_behavior {
      where {
        path_pattern = set()
      }

      trusted_key_groups = absent()
      trusted_signers    = absent()
    }
  }
}

proof "cloudfront.origin-https-both-certificates" {
  every "aws_lb_listener" {
    where {
      port = 443
    }

    certificate_arn = refers_to("aws_acm_certificate_validation.certificate")
  }

  every "aws_cloudfront_distribution" {
    viewer_certificate {
      acm_certificate_arn = refers_to("aws_acm_certificate_validation.edge_certificate")
    }
  }
}

# No behaviour leaves Host out: the dynamic one sends all headers, the static one sends
# Host through a managed policy.
proof "cloudfront.origin-certificate-without-host" {
  every "aws_cloudfront_distribution" {
    default_cache_behavior {
      origin_request_policy_id = refers_to("aws_cloudfront_origin_request_policy.cdn")
    }

    ordered_cache_behavior {
      where {
        target_origin_id = "load-balancer"
      }

      origin_request_policy_id = refers_to("data.aws_cloudfront_origin_request_policy.cdn_host")
    }
  }

  some "data" "aws_cloudfront_origin_request_policy" {
    name = "Managed-HostHeaderOnly"
  }
}

proof "cloudfront.origin-certificate-with-host" {
  some "aws_acm_certificate" {
    domain_name = "www.example.com"
    region      = absent()
  }

  every "aws_cloudfront_distribution" {
    aliases = ["www.example.com"]
  }

  every "aws_cloudfront_origin_request_policy" {
    headers_config {
      header_behavior = "allViewer"
    }
  }
}

proof "cloudfront.no-dynamic-header-in-cache-key" {
  every "aws_cloudfront_cache_policy" {
    parameters_in_cache_key_and_forwarded_to_origin {
      headers_config {
        header_behavior = "none"
      }
    }
  }
}

proof "cloudfront.static-values-as-cache-key" {
  every "aws_cloudfront_cache_policy" {
    parameters_in_cache_key_and_forwarded_to_origin {
      cookies_config {
        cookie_behavior = "none"
      }

      query_strings_config {
        query_string_behavior = "all"
      }
    }
  }

  file "runbooks/cdn-caching.md" {
    matches = "\\?v="
  }
}

proof "cloudfront.do-not-forward-changing-cookies" {
  every "aws_cloudfront_cache_policy" {
    parameters_in_cache_key_and_forwarded_to_origin {
      cookies_config {
        cookie_behavior = "none"
      }
    }
  }

  every "aws_cloudfront_distribution" {
    ordered_cache_behavior {
      where {
        path_pattern = set()
      }

      cache_policy_id          = refers_to("aws_cloudfront_cache_policy.cdn_static")
      origin_request_policy_id = refers_to("data.aws_cloudfront_origin_request_policy.cdn_host")
    }
  }
}

proof "cloudfront.do-not-forward-google-analytics-cookie" {
  every "aws_cloudfront_origin_request_policy" {
    cookies_config {
      cookie_behavior = "allExcept"

      cookies {
        items = contains("_ga")
      }
    }
  }
}

# Every cookie except those that only the browser needs reaches the dynamic paths.
proof "cloudfront.allow-session-cookie-on-form-paths" {
  every "aws_cloudfront_origin_request_policy" {
    cookies_config {
      cookie_behavior = one_of("allExcept", "all")

      cookies {
        items = ["_ga", "_gid"]
      }
    }
  }

  every "aws_cloudfront_distribution" {
    default_cache_behavior {
      origin_request_policy_id = refers_to("aws_cloudfront_origin_request_policy.cdn")
      allowed_methods          = contains("POST")
    }
  }
}

proof "cloudfront.forward-without-caching" {
  every "aws_cloudfront_distribution" {
    default_cache_behavior {
      cache_policy_id          = refers_to("data.aws_cloudfront_cache_policy.cdn_disabled")
      origin_request_policy_id = refers_to("aws_cloudfront_origin_request_policy.cdn")
    }
  }

  some "data" "aws_cloudfront_cache_policy" {
    name = "Managed-CachingDisabled"
  }
}

proof "cloudfront.query-string-order-fixed" {
  duty = "The URLs are the application's."

  human "runbooks/cdn-caching.md" {
    heading = "Cache a page that depends on something"
    says    = "order"
  }
}

proof "cloudfront.query-string-case-fixed" {
  duty = "The URLs are the application's."

  human "runbooks/cdn-caching.md" {
    heading = "Cache a page that depends on something"
    says    = "case"
  }
}

proof "cloudfront.reserved-query-strings" {
  rule "reserved-query-strings" {
    add {
      text = <<-EOT
        resource "aws_cloudfront_cache_policy" "signed" {
          name        = "signed"
          min_ttl     = 0
          default_ttl = 60
          max_ttl     = 60

          parameters_in_cache_key_and_forwarded_to_origin {
            headers_config {
              header_behavior = "none"
            }

            cookies_config {
              cookie_behavior = "none"
            }

            query_strings_config {
              query_string_behavior = "whitelist"

              query_strings {
                items = ["Expires"]
              }
            }
          }
        }
      EOT
    }
  }
}

proof "cloudfront.invalidate-after-fix" {
  duty = "Only people know that a fault has been fixed."

  human "runbooks/cdn-invalidation.md" {
    heading = "Remove files from the cache"
    says    = "aws cloudfront create-invalidation.*fault is fixed"
  }
}

waive "cloudfront.custom-error-with-lambda-edge" {
  reason = "The architecture has no Lambda@Edge function."
}

# Departed: an access control instead of the identity.
proof "cloudfront.origin-access-identity" {
  options = { static_files = "bucket" }

  every "aws_cloudfront_origin_access_control" {
    origin_access_control_origin_type = "s3"
    signing_behavior                  = "always"
    signing_protocol                  = "sigv4"
  }

  every "aws_cloudfront_distribution" {
    origin {
      where {
        domain_name = refers_to("aws_s3_bucket")
      }

      origin_access_control_id = refers_to("aws_cloudfront_origin_access_control")
    }
  }
}

proof "cloudfront.compress" {
  every "aws_cloudfront_distribution" {
    default_cache_behavior {
      compress = true
    }

    ordered_cache_behavior {
      where {
        path_pattern = set()
      }

      compress = true
    }
  }

  every "aws_cloudfront_cache_policy" {
    parameters_in_cache_key_and_forwarded_to_origin {
      enable_accept_encoding_gzip   = true
      enable_accept_encoding_brotli = true
    }
  }
}

proof "cloudfront.forward-none-for-hit-ratio" {
  options = { static_versions = "path" }

  every "aws_cloudfront_cache_policy" {
    parameters_in_cache_key_and_forwarded_to_origin {
      headers_config {
        header_behavior = "none"
      }

      cookies_config {
        cookie_behavior = "none"
      }

      query_strings_config {
        query_string_behavior = "none"
      }
    }
  }
}

# Departed in the default.
proof "cloudfront.custom-error-403-to-404" {
  options = { error_pages = true }

  every "aws_cloudfront_distribution" {
    custom_error_response {
      error_code         = 403
      response_code      = 404
      response_page_path = set()
    }
  }
}
