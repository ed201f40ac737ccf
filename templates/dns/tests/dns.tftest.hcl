mock_provider "aws" {}

variables {
  zone_id            = "Z0123456789ABCDEFGHIJ"
  domain_name        = "example.com"
  target_domain_name = "d111111abcdef8.cloudfront.net"
  target_zone_id     = "Z2FDTNDATAQYW2"
}

run "leads_to_the_target" {
  command = apply

  assert {
    condition     = length(aws_route53_record.this) == (var.ipv6 ? 2 : 1) && alltrue([for type, record in aws_route53_record.this : record.type == type && record.name == var.domain_name && length(record.alias) == 1])
    error_message = "The domain must have an alias record for IPv4, and one for IPv6 where the target has it."
  }

  assert {
    condition     = alltrue([for record in aws_route53_record.this : record.alias[0].name == var.target_domain_name && record.alias[0].zone_id == var.target_zone_id])
    error_message = "The domain must point to the site."
  }
}
