mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                = "example"
  cidr                = "10.200.48.0/23"
  zones               = 3
  nat_gateway         = false
  vpc_endpoints       = true
  interface_endpoints = ["ecr.api", "ecr.dkr", "logs", "ssm"]
  network_acl         = false
  load_balancer_tier  = "public"
  app_addresses       = 4
  ipv6                = true
}

# bpgen:if var.ipv6
run "gives_public_subnets_alone_ipv6" {
  command = apply

  assert {
    condition     = aws_subnet.public[*].ipv6_cidr_block == slice(["2001:db8::/64", "2001:db8:0:1::/64", "2001:db8:0:2::/64"], 0, var.zones) && aws_route.public_internet_ipv6[0].destination_ipv6_cidr_block == "::/0" && aws_route.public_internet_ipv6[0].gateway_id == aws_internet_gateway.this.id
    error_message = "The public subnets must have an IPv6 range each, and a route to the internet."
  }
}
