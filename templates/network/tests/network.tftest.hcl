mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name          = "example"
  cidr          = "10.200.48.0/23"
  zones         = 3
  nat_gateway   = true
  vpc_endpoints = true
}

run "is_private_over_several_zones" {
  command = plan

  assert {
    condition     = length(distinct(aws_subnet.app[*].availability_zone)) == var.zones && length(distinct(aws_subnet.datastore[*].availability_zone)) == var.zones
    error_message = "Every private tier must have a subnet in each zone."
  }

  assert {
    condition     = !anytrue(concat(aws_subnet.public[*].map_public_ip_on_launch, aws_subnet.app[*].map_public_ip_on_launch, aws_subnet.datastore[*].map_public_ip_on_launch))
    error_message = "No subnet may give out public addresses by itself."
  }

  # bpgen:if var.vpc_endpoints
  assert {
    condition     = alltrue([for service in ["ecr.api", "ecr.dkr", "logs", "ssm"] : contains(keys(aws_vpc_endpoint.interface), service)])
    error_message = "Tasks cannot start without the endpoints of ECR, CloudWatch Logs and Parameter Store."
  }

  # bpgen:if var.nat_gateway
  assert {
    condition     = length(aws_nat_gateway.this) == var.zones && length(aws_route.app_nat) == var.zones
    error_message = "Every zone must have a NAT gateway of its own and a route to it."
  }
}
