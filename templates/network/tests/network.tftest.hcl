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

run "subnets_are_private_and_apart" {
  command = plan

  assert {
    condition     = length(output.public_subnet_ids) == var.zones && length(output.app_subnet_ids) == var.zones && length(output.datastore_subnet_ids) == var.zones
    error_message = "Every tier has one subnet in each zone."
  }

  assert {
    condition     = length(distinct(aws_subnet.app[*].availability_zone)) == var.zones
    error_message = "Every subnet of a tier lies in a zone of its own."
  }

  assert {
    condition     = length(distinct(concat(aws_subnet.public[*].cidr_block, aws_subnet.app[*].cidr_block, aws_subnet.datastore[*].cidr_block))) == 3 * var.zones
    error_message = "No two subnets have the same range."
  }

  assert {
    condition     = alltrue([for range in aws_subnet.public[*].cidr_block : tonumber(split("/", range)[1]) <= 27])
    error_message = "A load balancer needs public subnets of /27 or larger."
  }

  assert {
    condition     = !anytrue(concat(aws_subnet.public[*].map_public_ip_on_launch, aws_subnet.app[*].map_public_ip_on_launch, aws_subnet.datastore[*].map_public_ip_on_launch))
    error_message = "No subnet gives out public addresses by itself."
  }
}

run "ways_out" {
  command = plan

  # bpgen:if var.vpc_endpoints
  assert {
    condition     = alltrue([for service in ["ecr.api", "ecr.dkr", "logs"] : contains(keys(aws_vpc_endpoint.interface), service)])
    error_message = "Tasks cannot start without the endpoints of ECR and CloudWatch Logs."
  }

  # bpgen:if var.nat_gateway
  assert {
    condition     = length(aws_nat_gateway.this) == var.zones && length(aws_route.app_nat) == var.zones
    error_message = "Every zone has its own NAT gateway and its own route to it."
  }

  assert {
    condition     = alltrue([for statement in jsondecode(aws_vpc_endpoint.s3.policy).Statement : can(statement.Condition.StringEquals["aws:PrincipalAccount"]) || statement.Action == "s3:GetObject"])
    error_message = "The S3 endpoint serves credentials of this account only, but for reading image layers."
  }
}
