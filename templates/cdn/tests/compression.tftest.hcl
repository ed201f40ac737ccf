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

run "compresses_what_it_caches" {
  command = plan

  assert {
    condition     = alltrue([for behavior in concat(aws_cloudfront_distribution.this.default_cache_behavior, aws_cloudfront_distribution.this.ordered_cache_behavior) : behavior.compress]) && aws_cloudfront_cache_policy.static.parameters_in_cache_key_and_forwarded_to_origin[0].enable_accept_encoding_gzip && aws_cloudfront_cache_policy.static.parameters_in_cache_key_and_forwarded_to_origin[0].enable_accept_encoding_brotli
    error_message = "Every behaviour must compress, and the cache must distinguish gzip from Brotli."
  }
}
