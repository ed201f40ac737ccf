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
  static_versions    = "path"
}

# bpgen:if var.static_versions == "path"
run "caches_files_by_path_alone" {
  command = plan

  assert {
    condition     = aws_cloudfront_cache_policy.static.parameters_in_cache_key_and_forwarded_to_origin[0].query_strings_config[0].query_string_behavior == "none"
    error_message = "A query string must not create another copy of a file whose path shows its version."
  }
}
