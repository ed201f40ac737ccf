mock_provider "aws" {}

variables {
  name               = "example"
  domain_name        = "www.example.com"
  certificate_arn    = "arn:aws:acm:us-east-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"
  origin_arn         = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/example/0123456789abcdef"
  origin_domain_name = "internal-example-1234567890.ap-northeast-1.elb.amazonaws.com"
  log_bucket         = "example-logs"
}

run "speaks_https_on_both_sides" {
  command = plan

  assert {
    condition     = aws_cloudfront_vpc_origin.this.vpc_origin_endpoint_config[0].origin_protocol_policy == "https-only" && aws_cloudfront_distribution.this.default_cache_behavior[0].viewer_protocol_policy == "redirect-to-https"
    error_message = "Viewers must be sent to HTTPS, and CloudFront must speak it to the load balancer."
  }
}
