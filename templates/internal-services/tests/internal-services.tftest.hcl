mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                       = "example"
  cluster_arn                = "arn:aws:ecs:xx-example-1:123456789012:cluster/example"
  cluster_name               = "example"
  namespace_arn              = "arn:aws:servicediscovery:xx-example-1:123456789012:namespace/ns-0123456789abcdef"
  execution_role_name        = "example-execution"
  execution_role_arn         = "arn:aws:iam::123456789012:role/example-execution"
  log_group_name             = "/ecs/example"
  vpc_id                     = "vpc-0123456789abcdef0"
  subnet_ids                 = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  client_security_group_id   = "sg-0123456789abcdef0"
  endpoint_security_group_id = "sg-0123456789abcdef1"
  s3_prefix_list_id          = "pl-61a54008"
}

run "is_reached_from_inside_only" {
  command = plan

  variables {
    services = { orders = { image_tag = "1f0c2d3" } }
  }

  assert {
    condition     = !aws_ecs_service.this["orders"].network_configuration[0].assign_public_ip && alltrue([for rule in aws_vpc_security_group_ingress_rule.service : rule.cidr_ipv4 == null])
    error_message = "Internal services must be reachable only by the other services."
  }

  # bpgen:if var.given_network && var.outbound != "nat-gateway"
  assert {
    condition     = aws_vpc_security_group_ingress_rule.endpoints[0].security_group_id == var.endpoint_security_group_id && aws_vpc_security_group_ingress_rule.endpoints[0].cidr_ipv4 == null && aws_vpc_security_group_ingress_rule.endpoints[0].to_port == 443
    error_message = "The rule must allow only the internal services to reach the network's endpoints."
  }

  assert {
    condition     = aws_ecs_task_definition.this["orders"].skip_destroy
    error_message = "A new revision must keep the earlier ones: the one in service, and the one to roll back to."
  }

  assert {
    condition     = aws_ecr_repository.this["orders"].image_tag_mutability == "IMMUTABLE" && aws_ecs_service.this["orders"].deployment_circuit_breaker[0].rollback
    error_message = "A tag must never refer to another image, and a version that does not start must be rolled back."
  }
}

run "waits_for_the_first_image" {
  command = plan

  variables {
    services = { orders = {} }
  }

  expect_failures = [check.images]

  assert {
    condition     = aws_appautoscaling_target.this["orders"].min_capacity == 0
    error_message = "Without an image nothing may start tasks: the deployment would fail, and stay failed."
  }
}
