mock_data "aws_availability_zones" {
  defaults = {
    names    = ["xx-example-1a", "xx-example-1b", "xx-example-1c", "xx-example-1d"]
    zone_ids = ["use1-az4", "use1-az3", "use1-az1", "use1-az2"]
  }
}

mock_data "aws_caller_identity" {
  defaults = { account_id = "123456789012" }
}

mock_data "aws_partition" {
  defaults = { partition = "aws" }
}

mock_data "aws_region" {
  defaults = { id = "xx-example-1" }
}

mock_data "aws_vpc_endpoint_service" {
  defaults = { vpc_endpoint_policy_supported = true }
}

mock_resource "aws_cloudwatch_log_group" {
  defaults = { arn = "arn:aws:logs:xx-example-1:123456789012:log-group:example" }
}

mock_resource "aws_iam_role" {
  defaults = { arn = "arn:aws:iam::123456789012:role/example" }
}

mock_resource "aws_vpc" {
  defaults = { ipv6_cidr_block = "2001:db8::/56" }
}
