mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name              = "example"
  load_balancer_arn = "arn:aws:elasticloadbalancing:xx-example-1:123456789012:loadbalancer/net/example/0123456789abcdef"
  consumers         = ["arn:aws:iam::210987654321:root"]
}

run "asks_before_it_connects" {
  command = apply

  variables {
    accepted_endpoints = ["vpce-0123456789abcdef0"]
  }

  assert {
    condition     = aws_vpc_endpoint_service.this.acceptance_required
    error_message = "Nobody may connect without being accepted."
  }

  assert {
    condition     = aws_vpc_endpoint_service.this.network_load_balancer_arns == toset([var.load_balancer_arn])
    error_message = "The service must be the one behind the load balancer."
  }

  assert {
    condition     = toset([for principal in aws_vpc_endpoint_service_allowed_principal.this : principal.principal_arn]) == toset(var.consumers) && alltrue([for principal in aws_vpc_endpoint_service_allowed_principal.this : principal.vpc_endpoint_service_id == aws_vpc_endpoint_service.this.id])
    error_message = "The named consumers, and no others, may request a connection."
  }

  assert {
    condition     = toset([for accepter in aws_vpc_endpoint_connection_accepter.this : accepter.vpc_endpoint_id]) == toset(var.accepted_endpoints)
    error_message = "The named endpoints, and no others, must be accepted."
  }

  assert {
    condition     = aws_vpc_endpoint_service.this.tags.Name == var.name
    error_message = "An endpoint service has no name other than its tag."
  }
}

run "refuses_everyone" {
  command = plan

  variables {
    consumers = ["*"]
  }

  expect_failures = [var.consumers]
}
