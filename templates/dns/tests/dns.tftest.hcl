mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  zone_id            = "Z0123456789ABCDEFGHIJ"
  domain_name        = "example.com"
  target_domain_name = "d111111abcdef8.cloudfront.net"
  target_zone_id     = "Z2FDTNDATAQYW2"
}

run "domain_is_an_alias" {
  command = plan

  assert {
    condition     = alltrue([for type in ["A", "AAAA"] : aws_route53_record.this[type].type == type && length(aws_route53_record.this[type].alias) == 1])
    error_message = "The domain has an alias record for IPv4 and one for IPv6."
  }

  assert {
    condition     = alltrue([for record in aws_route53_record.this : record.zone_id == var.zone_id && record.name == var.domain_name])
    error_message = "The records stand in the zone and under the domain that was asked for."
  }
}
