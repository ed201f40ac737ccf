mock_provider "aws" {}

variables {
  name           = "example"
  vpc_id         = "vpc-0123456789abcdef0"
  vpc_cidr_block = "10.200.48.0/23"
  subnet_ids     = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  services       = {}
}

run "calls_what_was_named" {
  command = apply

  variables {
    services = {
      billing = { service_name = "com.amazonaws.vpce.xx-example-1.vpce-svc-0123456789abcdef0" }
      search  = { service_name = "com.amazonaws.vpce.yy-example-2.vpce-svc-0123456789abcdef1", port = 9200, region = "yy-example-2", private_dns = true }
    }
  }

  assert {
    condition     = tomap({ for name, endpoint in aws_vpc_endpoint.this : name => endpoint.service_name }) == tomap({ for name, service in var.services : name => service.service_name }) && aws_vpc_endpoint.this["search"].service_region == "yy-example-2"
    error_message = "There must be an endpoint for each named service."
  }

  assert {
    condition     = alltrue([for name, endpoint in aws_vpc_endpoint.this : endpoint.vpc_endpoint_type == "Interface" && toset(endpoint.subnet_ids) == toset(var.subnet_ids) && endpoint.security_group_ids == toset([aws_security_group.this[name].id])])
    error_message = "Each endpoint must have an address in every app subnet, and a security group of its own."
  }

  assert {
    condition     = !aws_vpc_endpoint.this["billing"].private_dns_enabled && aws_vpc_endpoint.this["search"].private_dns_enabled
    error_message = "The owner's names may be used only once ownership of the domain is proved."
  }

  assert {
    condition     = alltrue([for name, rule in aws_vpc_security_group_ingress_rule.this : rule.cidr_ipv4 == var.vpc_cidr_block && rule.from_port == var.services[name].port && rule.to_port == var.services[name].port && rule.ip_protocol == "tcp" && rule.security_group_id == aws_security_group.this[name].id])
    error_message = "Only the VPC may use an endpoint, on the port of its service."
  }
}

run "refuses_a_service_of_aws" {
  command = plan

  variables {
    services = { queue = { service_name = "com.amazonaws.xx-example-1.sqs" } }
  }

  expect_failures = [var.services]
}
