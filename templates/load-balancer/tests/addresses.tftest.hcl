mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name            = "example"
  vpc_id          = "vpc-0123456789abcdef0"
  subnet_ids      = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  certificate_arn = "arn:aws:acm:xx-example-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"
  log_bucket      = "example-logs"
  internal        = false

  ingress_cidr_blocks = ["203.0.113.0/24"]
}

# bpgen:if !var.internal && !var.cloudfront_only
run "admits_only_the_given_addresses" {
  command = plan

  variables {
    ingress_cidr_blocks = ["203.0.113.0/24", "198.51.100.7/32"]
  }

  assert {
    condition     = toset([for rule in aws_vpc_security_group_ingress_rule.https : rule.cidr_ipv4]) == toset(["203.0.113.0/24", "198.51.100.7/32"]) && toset(keys(aws_vpc_security_group_ingress_rule.http)) == toset(keys(aws_vpc_security_group_ingress_rule.https))
    error_message = "Only the given addresses may reach the load balancer."
  }
}

# bpgen:if !var.internal && !var.cloudfront_only
run "refuses_no_addresses" {
  command = plan

  variables {
    ingress_cidr_blocks = []
  }

  expect_failures = [var.ingress_cidr_blocks]
}

# bpgen:if !var.internal && !var.cloudfront_only && !var.ipv6
run "refuses_ipv6_without_an_address" {
  command = plan

  variables {
    ingress_cidr_blocks = ["0.0.0.0/0", "::/0"]
  }

  expect_failures = [var.ingress_cidr_blocks]
}

# bpgen:if !var.internal && !var.cloudfront_only
run "serves_a_public_site_over_ipv6" {
  command = plan

  variables {
    ipv6                = true
    ingress_cidr_blocks = ["0.0.0.0/0", "::/0"]
  }

  assert {
    condition     = aws_lb.this.ip_address_type == "dualstack" && aws_vpc_security_group_ingress_rule.https["::/0"].cidr_ipv6 == "::/0" && aws_vpc_security_group_ingress_rule.https["::/0"].cidr_ipv4 == null && aws_vpc_security_group_ingress_rule.https["0.0.0.0/0"].cidr_ipv4 == "0.0.0.0/0"
    error_message = "A public site must be reachable over IPv4 and IPv6."
  }
}
