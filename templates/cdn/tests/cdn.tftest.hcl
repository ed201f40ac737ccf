mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name               = "example"
  domain_name        = "www.example.com"
  certificate_arn    = "arn:aws:acm:us-east-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"
  origin_arn         = "arn:aws:elasticloadbalancing:xx-example-1:123456789012:loadbalancer/app/example/0123456789abcdef"
  origin_domain_name = "internal-example-1234567890.xx-example-1.elb.amazonaws.com"
  log_bucket         = "example-logs"
}

run "speaks_https_and_caches_files_only" {
  command = apply

  # bpgen:if var.vpc_origin
  assert {
    condition     = aws_cloudfront_vpc_origin.this[0].vpc_origin_endpoint_config[0].origin_protocol_policy == "https-only" && aws_cloudfront_vpc_origin.this[0].vpc_origin_endpoint_config[0].origin_ssl_protocols[0].items == toset(["TLSv1.2"])
    error_message = "CloudFront must use HTTPS with TLS 1.2 to reach the load balancer."
  }

  # bpgen:if !var.vpc_origin
  assert {
    condition     = alltrue([for origin in nonsensitive(aws_cloudfront_distribution.this.origin) : origin.custom_origin_config[0].origin_protocol_policy == "https-only" && origin.custom_origin_config[0].origin_ssl_protocols == toset(["TLSv1.2"]) && length(origin.custom_header) == 1 if origin.origin_id == "load-balancer"])
    error_message = "CloudFront must use HTTPS with TLS 1.2 to reach the load balancer, and send the secret."
  }

  assert {
    condition     = aws_cloudfront_distribution.this.viewer_certificate[0].minimum_protocol_version == "TLSv1.2_2021" && alltrue([for behavior in concat(aws_cloudfront_distribution.this.default_cache_behavior, aws_cloudfront_distribution.this.ordered_cache_behavior) : behavior.viewer_protocol_policy == "redirect-to-https"])
    error_message = "Viewers must be sent to HTTPS, and to TLS 1.2 or newer."
  }

  assert {
    condition     = aws_cloudfront_distribution.this.web_acl_id == var.web_acl_arn
    error_message = "Requests must pass the web ACL, if there is one."
  }

  assert {
    condition     = data.aws_cloudfront_response_headers_policy.this.name == "Managed-SecurityHeadersPolicy" && alltrue([for behavior in concat(aws_cloudfront_distribution.this.default_cache_behavior, aws_cloudfront_distribution.this.ordered_cache_behavior) : behavior.response_headers_policy_id == data.aws_cloudfront_response_headers_policy.this.id])
    error_message = "Every response must carry HSTS and the other security headers."
  }

  assert {
    condition     = data.aws_cloudfront_cache_policy.disabled.name == "Managed-CachingDisabled" && aws_cloudfront_distribution.this.default_cache_behavior[0].cache_policy_id == data.aws_cloudfront_cache_policy.disabled.id && aws_cloudfront_origin_request_policy.this.headers_config[0].header_behavior == "allViewer"
    error_message = "Pages must not be cached, since what one user sees is not for the next, and the application must get Host."
  }

  assert {
    condition     = alltrue([for behavior in aws_cloudfront_distribution.this.ordered_cache_behavior : toset(behavior.allowed_methods) == toset(["GET", "HEAD"])]) && aws_cloudfront_cache_policy.static.parameters_in_cache_key_and_forwarded_to_origin[0].cookies_config[0].cookie_behavior == "none" && aws_cloudfront_cache_policy.static.parameters_in_cache_key_and_forwarded_to_origin[0].enable_accept_encoding_gzip && aws_cloudfront_cache_policy.static.parameters_in_cache_key_and_forwarded_to_origin[0].query_strings_config[0].query_string_behavior == (var.static_versions == "query" ? "all" : "none") && aws_cloudfront_cache_policy.static.min_ttl == 0
    error_message = "Static files must be read-only, compressed and cached once for all users, with a separate copy for ?v=2 where that marks a version, and not cached if the origin forbids it."
  }

  # Without the region, the name would already be taken when the module is deployed in a second one.
  assert {
    condition     = endswith(aws_cloudfront_cache_policy.static.name, "-${data.aws_region.current.id}") && endswith(aws_cloudfront_origin_request_policy.this.name, "-${data.aws_region.current.id}")
    error_message = "Global names must end with the region."
  }

  assert {
    condition     = aws_cloudfront_distribution.this.logging_config[0].prefix == "cdn/" && aws_cloudfront_distribution.this.price_class != "PriceClass_100"
    error_message = "Requests must be logged, and edge locations in Asia must serve the site."
  }

  # bpgen:if var.static_bucket
  assert {
    condition     = aws_cloudfront_origin_access_control.static[0].signing_behavior == "always"
    error_message = "CloudFront must sign its requests to the bucket, or the bucket refuses them."
  }

  assert {
    condition     = aws_cloudfront_distribution.this.aliases == toset([var.domain_name]) && aws_cloudfront_distribution.this.viewer_certificate[0].acm_certificate_arn == var.certificate_arn
    error_message = "CloudFront must answer for the domain, with the domain's certificate."
  }

  assert {
    condition     = aws_cloudfront_distribution.this.default_cache_behavior[0].target_origin_id == "load-balancer" && toset(aws_cloudfront_distribution.this.default_cache_behavior[0].allowed_methods) == toset(["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]) && aws_cloudfront_distribution.this.default_cache_behavior[0].origin_request_policy_id == aws_cloudfront_origin_request_policy.this.id
    error_message = "Pages and the API must come from the application, which accepts every method and sees the whole request."
  }

  assert {
    condition     = alltrue([for behavior in aws_cloudfront_distribution.this.default_cache_behavior : behavior.cache_policy_id == data.aws_cloudfront_cache_policy.disabled.id])
    error_message = "The application's responses must not be cached."
  }

  assert {
    condition     = aws_cloudfront_origin_request_policy.this.cookies_config[0].cookie_behavior == "allExcept" && aws_cloudfront_origin_request_policy.this.cookies_config[0].cookies[0].items == toset(["_ga", "_gid"])
    error_message = "The application must get every cookie except those of Google Analytics."
  }

  assert {
    condition     = alltrue([for behavior in concat(aws_cloudfront_distribution.this.default_cache_behavior, aws_cloudfront_distribution.this.ordered_cache_behavior) : behavior.compress]) && alltrue([for behavior in aws_cloudfront_distribution.this.ordered_cache_behavior : behavior.cache_policy_id == aws_cloudfront_cache_policy.static.id])
    error_message = "Responses must be compressed, and static files cached by their own policy."
  }

  # bpgen:if !var.static_bucket
  assert {
    condition     = alltrue([for behavior in aws_cloudfront_distribution.this.ordered_cache_behavior : behavior.origin_request_policy_id == data.aws_cloudfront_origin_request_policy.host[0].id])
    error_message = "The load balancer must get Host with requests for static files too, or its certificate does not match."
  }

  assert {
    condition     = aws_cloudfront_cache_policy.static.parameters_in_cache_key_and_forwarded_to_origin[0].enable_accept_encoding_brotli && aws_cloudfront_cache_policy.static.parameters_in_cache_key_and_forwarded_to_origin[0].headers_config[0].header_behavior == "none"
    error_message = "No viewer header may create another copy of a static file."
  }

  assert {
    condition     = aws_cloudfront_distribution.this.logging_config[0].bucket == "${var.log_bucket}.s3.amazonaws.com"
    error_message = "Requests must be logged in the log bucket."
  }

  # bpgen:if var.error_pages
  assert {
    condition     = anytrue([for response in aws_cloudfront_distribution.this.custom_error_response : response.error_code == 403 && response.response_code == 404 && response.response_page_path == "/errors/404.html"])
    error_message = "A bucket answers 403 for a file that is not there: viewers must see the 404 page."
  }

  # bpgen:if var.static_bucket
  assert {
    condition     = aws_cloudfront_origin_access_control.static[0].origin_access_control_origin_type == "s3" && aws_cloudfront_origin_access_control.static[0].signing_protocol == "sigv4"
    error_message = "CloudFront must sign its requests in the way that S3 understands."
  }

  # bpgen:if var.static_bucket
  assert {
    condition     = anytrue([for statement in jsondecode(aws_s3_bucket_policy.static[0].policy).Statement : statement.Effect == "Allow" && statement.Principal == { Service = "cloudfront.amazonaws.com" } && statement.Action == "s3:GetObject" && statement.Resource == "${var.static_bucket_arn}/*" && statement.Condition == { StringEquals = { "AWS:SourceArn" = aws_cloudfront_distribution.this.arn } }])
    error_message = "This distribution, and no other, must be able to read the files."
  }
}
