mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                            = "example"
  vpc_id                          = "vpc-0123456789abcdef0"
  subnet_ids                      = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  load_balancer_security_group_id = "sg-0123456789abcdef1"
  target_group_arn                = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/example/0123456789abcdef"
  endpoint_security_group_id      = "sg-0123456789abcdef2"
  s3_prefix_list_id               = "pl-61a54008"
  repository_url                  = "123456789012.dkr.ecr.ap-northeast-1.amazonaws.com/example"
  image_tag                       = "v1.0.0"
}

run "is_private_and_survives_faults" {
  command = plan

  assert {
    condition     = !aws_ecs_service.this.network_configuration[0].assign_public_ip && aws_vpc_security_group_ingress_rule.load_balancer.cidr_ipv4 == null
    error_message = "Tasks must have no public address, and only the load balancer may reach them."
  }

  assert {
    condition     = aws_ecs_service.this.deployment_minimum_healthy_percent == 100 && one(aws_ecs_cluster.this.setting[*].value) == "enabled" && aws_cloudwatch_log_group.this.retention_in_days > 0
    error_message = "A deployment must cost no capacity, and tasks must be measured and write logs."
  }

  assert {
    condition     = alltrue([for role in [aws_iam_role.task, aws_iam_role.execution] : jsondecode(role.assume_role_policy).Statement[0].Principal == { Service = "ecs-tasks.amazonaws.com" }])
    error_message = "Nobody but tasks may take on the roles of the tasks."
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.endpoints[0].cidr_ipv4 == null && aws_vpc_security_group_egress_rule.s3[0].cidr_ipv4 == null
    error_message = "Tasks must reach endpoints, not addresses."
  }

  # bpgen:if !var.execute_command
  assert {
    condition     = !aws_ecs_service.this.enable_execute_command
    error_message = "Nobody may open a shell in a container until execute_command is chosen."
  }

  # bpgen:if var.autoscaling
  assert {
    condition     = aws_appautoscaling_target.this[0].min_capacity >= 2
    error_message = "There must be two tasks at least, or the loss of a zone is an outage."
  }

  # bpgen:if var.deployment == "rolling"
  assert {
    condition     = aws_ecs_service.this.deployment_circuit_breaker[0].rollback
    error_message = "A version that does not start must be rolled back."
  }
}

run "deploys_by_codedeploy" {
  command = plan

  variables {
    deployment = "codedeploy"
  }

  assert {
    condition     = aws_ecs_service.this.deployment_controller[0].type == "CODE_DEPLOY"
    error_message = "CodeDeploy must make and move the tasks."
  }
}

# bpgen:if var.aws_provider == "6"
run "deploys_blue_green" {
  command = plan

  variables {
    deployment                   = "blue-green"
    alternate_target_group_arn   = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/green/0123456789abcdef"
    production_listener_rule_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:listener-rule/app/example/0123456789abcdef/0123456789abcdef/0123456789abcdef"
  }

  assert {
    condition     = aws_ecs_service.this.deployment_configuration[0].strategy == "BLUE_GREEN"
    error_message = "ECS must deploy blue/green."
  }
}
