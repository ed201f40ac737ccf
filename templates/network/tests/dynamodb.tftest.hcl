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
  load_balancer_tier  = "app"
  app_addresses       = 4
}

# bpgen:if var.vpc_endpoints
run "reaches_dynamodb_through_a_gateway" {
  command = plan

  variables {
    extra_endpoints = ["dynamodb", "textract"]
  }

  assert {
    condition     = aws_vpc_endpoint.dynamodb[0].vpc_endpoint_type == "Gateway" && endswith(aws_vpc_endpoint.dynamodb[0].service_name, ".dynamodb") && !contains(keys(aws_vpc_endpoint.interface), "dynamodb") && contains(keys(aws_vpc_endpoint.interface), "textract") && aws_vpc_endpoint.s3.vpc_endpoint_type == "Gateway" && alltrue([for endpoint in aws_vpc_endpoint.interface : endpoint.vpc_endpoint_type == "Interface"])
    error_message = "DynamoDB must have a gateway endpoint, and other services interface endpoints."
  }

  assert {
    condition     = [for key in ["aws:PrincipalAccount", "aws:ResourceAccount"] : jsondecode(aws_vpc_endpoint.dynamodb[0].policy).Statement[0].Condition.StringEquals[key][0]] == [data.aws_caller_identity.current.account_id, data.aws_caller_identity.current.account_id]
    error_message = "Only roles of the account may use the endpoint, and only for its own tables."
  }
}
