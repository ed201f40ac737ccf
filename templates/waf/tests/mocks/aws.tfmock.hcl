mock_resource "aws_cloudwatch_log_group" {
  defaults = { arn = "arn:aws:logs:xx-example-1:123456789012:log-group:example" }
}

mock_resource "aws_wafv2_ip_set" {
  defaults = { arn = "arn:aws:wafv2:us-east-1:123456789012:global/ipset/example/01234567-89ab-cdef-0123-456789abcdef" }
}

mock_resource "aws_wafv2_regex_pattern_set" {
  defaults = { arn = "arn:aws:wafv2:us-east-1:123456789012:global/regexpatternset/example/01234567-89ab-cdef-0123-456789abcdef" }
}

mock_resource "aws_wafv2_web_acl" {
  defaults = { arn = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/example/example" }
}

mock_data "aws_region" {
  defaults = { id = "xx-example-1" }
}
