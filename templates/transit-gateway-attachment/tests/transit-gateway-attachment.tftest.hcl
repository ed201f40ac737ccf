mock_provider "aws" {}

variables {
  name               = "example"
  transit_gateway_id = "tgw-0123456789abcdef0"
  vpc_id             = "vpc-0123456789abcdef0"
  subnet_ids         = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  route_table_ids    = ["rtb-0123456789abcdef0", "rtb-0123456789abcdef1"]
  routes             = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]
  accepted           = true
}

run "reaches_the_other_networks" {
  command = apply

  assert {
    condition     = toset(aws_ec2_transit_gateway_vpc_attachment.this.subnet_ids) == toset(var.subnet_ids) && aws_ec2_transit_gateway_vpc_attachment.this.vpc_id == var.vpc_id && aws_ec2_transit_gateway_vpc_attachment.this.transit_gateway_id == var.transit_gateway_id && aws_ec2_transit_gateway_vpc_attachment.this.dns_support == "enable"
    error_message = "The VPC must be attached in every zone, in the app subnets."
  }

  assert {
    condition     = toset([for route in aws_route.this : "${route.route_table_id} ${route.destination_cidr_block}"]) == toset([for pair in setproduct(var.route_table_ids, var.routes) : "${pair[0]} ${pair[1]}"]) && alltrue([for route in aws_route.this : route.transit_gateway_id == var.transit_gateway_id])
    error_message = "Every app subnet must reach the ranges through the gateway, and nothing else."
  }

  assert {
    condition     = aws_ec2_transit_gateway_vpc_attachment.this.tags.Name == var.name
    error_message = "An attachment has no name other than its tag."
  }
}

run "waits_for_the_owner" {
  command = plan

  variables {
    accepted = false
  }

  assert {
    condition     = length(aws_route.this) == 0
    error_message = "No route can lead to a gateway whose owner has not accepted the attachment."
  }
}

run "refuses_to_route_everything" {
  command = plan

  variables {
    routes = ["0.0.0.0/0"]
  }

  expect_failures = [var.routes]
}
