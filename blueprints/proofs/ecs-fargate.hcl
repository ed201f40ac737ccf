proof "ecs-fargate.desired-count-example" {
  profile = "prd"

  some "aws_ecs_service" {
    desired_count = 4
  }
}

proof "ecs-fargate.maximum-percent" {
  every "aws_ecs_service" {
    deployment_maximum_percent = 200
  }
}

# A minute for the registration, and as long again to start.
proof "ecs-fargate.grace-period-covers-registration-and-start" {
  every "aws_ecs_service" {
    where {
      load_balancer = set()
    }

    health_check_grace_period_seconds = at_least(120)
  }
}

# The notes' bound for an NLB; the load balancer here is an ALB, with the same bound.
proof "ecs-fargate.grace-period-nlb-laravel" {
  options = { framework = "laravel" }

  some "aws_ecs_service" {
    health_check_grace_period_seconds = 330
  }
}

proof "ecs-fargate.grace-period-from-local-build-time" {
  human "runbooks/service-deploy-and-roll-back.md" {
    heading = "How long is the grace period?"
    says    = "on your own machine|locally"
  }
}

proof "ecs-fargate.scale-out-cooldown-balance" {
  every "aws_appautoscaling_policy" {
    target_tracking_scaling_policy_configuration {
      scale_out_cooldown = at_least(30)
    }
  }

  every "aws_appautoscaling_policy" {
    target_tracking_scaling_policy_configuration {
      scale_out_cooldown = at_most(900)
    }
  }

  some "variable" "service_scaling_policy" {
    validation {
      condition = matches("scale_out_cooldown <= 900")
    }
  }
}

proof "ecs-fargate.autoscaling-example-values" {
  profile = "prd"

  every "aws_appautoscaling_target" {
    min_capacity = 2
    max_capacity = 6
  }

  some "aws_ecs_service" {
    desired_count = 4
  }

  some "aws_appautoscaling_policy" {
    target_tracking_scaling_policy_configuration {
      target_value = 40

      predefined_metric_specification {
        predefined_metric_type = "ECSServiceAverageCPUUtilization"
      }
    }
  }
}

# A quarter of the task stays free.
proof "ecs-fargate.task-memory-headroom" {
  given = {
    service_size = { cpu = 512, memory = 1024 }
  }

  every "aws_ecs_task_definition" {
    where {
      container_definitions = json(contains({ name = "app", memoryReservation = set() }))
    }

    memory                = 1024
    container_definitions = json(contains({ name = "app", memoryReservation = at_most(960) }))
  }
}

proof "ecs-fargate.task-cpu-headroom" {
  given = {
    service_size = { cpu = 512, memory = 1024 }
  }

  every "aws_ecs_task_definition" {
    where {
      container_definitions = json(contains({ name = "app", cpu = set() }))
    }

    cpu                   = 512
    container_definitions = json(contains({ name = "app", cpu = at_most(480) }))
  }
}

proof "ecs-fargate.task-cpu-memory-combination" {
  some "variable" "service_size" {
    validation {
      condition = matches("memory")
    }
  }

  rule "fargate-size" {
    turn "aws_ecs_task_definition" {
      memory = 100
    }

    turn "aws_ecs_task_definition" {
      cpu = 256
    }
  }
}

proof "ecs-fargate.run-task-launch-type" {
  file "runbooks/service-run-one-off-task.md" {
    matches = "--launch-type FARGATE|launchType.*FARGATE"
  }
}

proof "ecs-fargate.run-task-platform-version" {
  file "runbooks/service-run-one-off-task.md" {
    matches = "platform-version (LATEST|1\\.4\\.0)"
  }
}

proof "ecs-fargate.run-task-override-command" {
  file "runbooks/service-run-one-off-task.md" {
    matches = "php artisan db:seed --class=DummySeeder --force"
  }
}

proof "ecs-fargate.exec-enable-on-service" {
  options = { execute_command = true }

  every "aws_ecs_service" {
    enable_execute_command = true
  }
}

proof "ecs-fargate.exec-ssmmessages-endpoint" {
  options = { execute_command = true }

  every "aws_ecs_service" {
    enable_execute_command = true
  }

  some "aws_vpc_endpoint" {
    service_name      = matches("\\.ssmmessages$")
    vpc_endpoint_type = "Interface"
  }
}

proof "ecs-fargate.exec-policy-on-iam-user" {
  options = { operator_policies = true, execute_command = true }

  some "aws_iam_policy" {
    policy = json({
      Statement = contains({ Action = contains("ecs:ExecuteCommand") })
    })
  }
}

proof "ecs-fargate.exec-ssmmessages-policy" {
  options = { execute_command = true }

  some "aws_iam_role_policy" {
    policy = json({
      Statement = contains({
        Effect   = "Allow"
        Action   = contains("ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel")
        Resource = "*"
      })
    })
  }
}

# The module's cluster and its tasks, instead of everything in the account.
proof "ecs-fargate.exec-user-policy" {
  options = { operator_policies = true, execute_command = true }

  some "aws_iam_policy" {
    policy = json({
      Statement = contains({
        Effect   = "Allow"
        Action   = contains("ecs:ExecuteCommand")
        Resource = set()
      })
    })
  }
}

proof "ecs-fargate.exec-use-bare-bash" {
  duty = "The person who opens the shell types the command."

  human "runbooks/service-open-a-shell.md" {
    heading = "Open a shell in a container, or a tunnel through it"
    says    = "--command bash.*Write `bash`, not `/bin/bash`"
  }
}

proof "ecs-fargate.container-secrets-from-parameter-store" {
  every "aws_ecs_task_definition" {
    where {
      container_definitions = json(contains({ name = "app" }))
    }

    container_definitions = json(contains({
      secrets = contains({ name = "DB_HOST", valueFrom = "/example/DB_HOST" })
    }))
  }

  some "aws_ssm_parameter" {
    name = "/example/DB_HOST"
  }
}

proof "ecs-fargate.app-permissions-on-task-role" {
  every "aws_ecs_task_definition" {
    task_role_arn = refers_to("aws_iam_role.service_task")
  }

  some "aws_iam_role_policy" {
    role = refers_to("aws_iam_role.service_task")
  }

  no "aws_iam_role_policy" {
    role   = refers_to("aws_iam_role.service_execution")
    policy = json({ Statement = contains({ Action = prefix("s3:") }) })
  }

  rule "application-permissions" {
    add {
      text = <<-EOT
        resource "aws_iam_role_policy" "files" {
          name = "files"
          role = aws_iam_role.service_execution.name

          policy = jsonencode({
            Version   = "2012-10-17"
            Statement = [{ Effect = "Allow", Action = "s3:PutObject", Resource = "*" }]
          })
        }
      EOT
    }
  }
}

proof "ecs-fargate.task-execution-role-managed-policy" {
  every "aws_iam_role_policy_attachment" {
    where {
      role = refers_to("aws_iam_role.service_execution")
    }

    policy_arn = matches("AmazonECSTaskExecutionRolePolicy$")
  }

  every "aws_ecs_task_definition" {
    execution_role_arn = refers_to("aws_iam_role.service_execution")
  }
}

proof "ecs-fargate.task-execution-role-distinct-from-task-role" {
  every "aws_ecs_task_definition" {
    execution_role_arn = refers_to("aws_iam_role.service_execution")
    task_role_arn      = refers_to("aws_iam_role.service_task")
  }
}

proof "ecs-fargate.private-subnet-needs-nat-or-endpoint" {
  some "aws_vpc_endpoint" {
    service_name = matches("\\.ecr\\.dkr$")
  }

  some "aws_vpc_endpoint" {
    service_name    = matches("\\.s3$")
    route_table_ids = refers_to("aws_route_table.network_app")
  }

  every "aws_ecs_service" {
    network_configuration {
      subnets = refers_to("aws_subnet.network_app")
    }
  }
}

proof "ecs-fargate.tasks-in-private-subnet" {
  every "aws_ecs_service" {
    network_configuration {
      subnets          = refers_to("aws_subnet.network_app")
      assign_public_ip = false
    }
  }

  no "aws_route" {
    route_table_id = refers_to("aws_route_table.network_app")
    gateway_id     = refers_to("aws_internet_gateway")
  }
}

proof "ecs-fargate.outbound-prefer-vpc-endpoint" {
  some "aws_vpc_endpoint" {
    vpc_endpoint_type = "Interface"
  }

  no "aws_nat_gateway" {
  }
}

proof "ecs-fargate.vpc-endpoint-set" {
  options = { execute_command = true }

  some "aws_vpc_endpoint" {
    service_name = matches("\\.logs$")
  }

  some "aws_vpc_endpoint" {
    service_name = matches("\\.ecr\\.api$")
  }

  some "aws_vpc_endpoint" {
    service_name = matches("\\.ecr\\.dkr$")
  }

  some "aws_vpc_endpoint" {
    service_name = matches("\\.s3$")
  }

  some "aws_vpc_endpoint" {
    service_name = matches("\\.ssm$")
  }

  some "aws_vpc_endpoint" {
    service_name = matches("\\.ssmmessages$")
  }
}

proof "ecs-fargate.vpc-endpoint-region" {
  every "aws_vpc_endpoint" {
    service_name = prefix("com.amazonaws.ap-northeast-1.")
  }
}

proof "ecs-fargate.vpc-endpoint-s3" {
  every "aws_vpc_endpoint" {
    where {
      vpc_endpoint_type = "Gateway"
    }

    service_name        = matches("\\.s3$")
    private_dns_enabled = absent()
    route_table_ids     = refers_to("aws_route_table.network_app")
  }
}

proof "ecs-fargate.static-source-ip-through-nat" {
  options = { outbound = "nat-gateway" }

  every "aws_nat_gateway" {
    allocation_id = refers_to("aws_eip")
  }

  some "aws_route" {
    nat_gateway_id = refers_to("aws_nat_gateway")
    route_table_id = refers_to("aws_route_table.network_app")
  }

  every "aws_ecs_service" {
    network_configuration {
      subnets = refers_to("aws_subnet.network_app")
    }
  }
}

# Departed: overrides are JSON, not a regular expression.
proof "ecs-fargate.run-task-override-escaping" {
  duty = "The overrides are written when the task is started."

  human "runbooks/service-run-one-off-task.md" {
    heading = "Run a one-off task"
    says    = "Overrides are plain JSON, not a regular expression"
  }
}

waive "ecs-fargate.intra-task-localhost" {
  reason = "The task has one application container. A runbook shows a second one that is reached at 127.0.0.1."
}

waive "ecs-fargate.php-fpm-port" {
  reason = "The task has one application container. A runbook shows Nginx in front of PHP-FPM on port 9000."
}

proof "ecs-fargate.vpc-endpoint-logs" {
  every "aws_vpc_endpoint" {
    where {
      service_name = matches("\\.logs$")
    }

    vpc_endpoint_type   = "Interface"
    private_dns_enabled = true
    subnet_ids          = refers_to("aws_subnet.network_app")
  }
}

proof "ecs-fargate.vpc-endpoint-ecr-api" {
  every "aws_vpc_endpoint" {
    where {
      service_name = matches("\\.ecr\\.api$")
    }

    vpc_endpoint_type   = "Interface"
    private_dns_enabled = true
    subnet_ids          = refers_to("aws_subnet.network_app")
  }
}

proof "ecs-fargate.vpc-endpoint-ecr-dkr" {
  every "aws_vpc_endpoint" {
    where {
      service_name = matches("\\.ecr\\.dkr$")
    }

    vpc_endpoint_type   = "Interface"
    private_dns_enabled = true
    subnet_ids          = refers_to("aws_subnet.network_app")
  }
}

proof "ecs-fargate.vpc-endpoint-ssm" {
  every "aws_vpc_endpoint" {
    where {
      service_name = matches("\\.ssm$")
    }

    vpc_endpoint_type   = "Interface"
    private_dns_enabled = true
    subnet_ids          = refers_to("aws_subnet.network_app")
  }
}

proof "ecs-fargate.vpc-endpoint-ssmmessages" {
  options = { execute_command = true }

  every "aws_vpc_endpoint" {
    where {
      service_name = matches("\\.ssmmessages$")
    }

    vpc_endpoint_type   = "Interface"
    private_dns_enabled = true
    subnet_ids          = refers_to("aws_subnet.network_app")
  }
}

# Departed: a deployment costs no capacity.
proof "ecs-fargate.minimum-healthy-percent" {
  every "aws_ecs_service" {
    deployment_minimum_healthy_percent = 100
  }
}

# The bound is for Nuxt; the default assumes no framework.
proof "ecs-fargate.grace-period-alb-nuxt-ssr" {
  options = { framework = "nuxt" }

  every "aws_ecs_service" {
    health_check_grace_period_seconds = at_least(600)
  }
}

# Departed: all three are named after the system.
proof "ecs-fargate.resource-names" {
  every "aws_ecs_service" {
    name = "example"
  }

  every "aws_ecs_cluster" {
    name = "example"
  }

  every "aws_ecs_task_definition" {
    family = "example"
  }
}

# Departed: attached to a role, which may pass only two roles.
proof "ecs-fargate.run-task-user-minimum-permission" {
  options = { operator_policies = true }

  some "aws_iam_policy" {
    policy = json({
      Statement = contains({
        Action    = "iam:PassRole"
        Resource  = not("*")
        Condition = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
      })
    })
  }

  no "aws_iam_user" {
  }
}

proof "ecs-fargate.run-task-iam-policy" {
  options = { operator_policies = true }

  some "aws_iam_policy" {
    policy = json({
      Statement = contains(
        { Effect = "Allow", Action = "ecs:RunTask" },
        { Effect = "Allow", Action = ["ecs:DescribeServices", "ecs:DescribeTasks"] },
        { Effect = "Allow", Action = "iam:PassRole" },
      )
    })
  }
}

# Departed: the agent uses the task role.
proof "ecs-fargate.exec-policy-on-task-execution-role" {
  options = { execute_command = true }

  some "aws_iam_role_policy" {
    role   = refers_to("aws_iam_role.service_task")
    policy = json({ Statement = contains({ Action = contains("ssmmessages:OpenDataChannel") }) })
  }

  no "aws_iam_role_policy" {
    role   = refers_to("aws_iam_role.service_execution")
    policy = json({ Statement = contains({ Action = contains("ssmmessages:OpenDataChannel") }) })
  }
}

# Departed in the default: every line is an event. Set the format if you want it.
proof "ecs-fargate.awslogs-datetime-format" {
  given = {
    service_log_datetime_format = "\\[%Y-%m-%d %H:%M:%S\\]"
  }

  every "aws_ecs_task_definition" {
    container_definitions = json(contains({
      logConfiguration = { options = { awslogs-datetime-format = "\\[%Y-%m-%d %H:%M:%S\\]" } }
    }))
  }
}

proof "ecs-fargate.awslogs-datetime-format-escaping" {
  given = {
    service_log_datetime_format = "\\[%Y-%m-%d %H:%M:%S\\]"
  }

  every "aws_ecs_task_definition" {
    container_definitions = json(contains({
      logConfiguration = { options = { awslogs-datetime-format = "\\[%Y-%m-%d %H:%M:%S\\]" } }
    }))
  }

  rule "awslogs-datetime-format" {
    add {
      text = <<-EOT
        resource "aws_ecs_task_definition" "other" {
          family = "other"

          container_definitions = jsonencode([{
            name             = "other"
            image            = "other:1"
            logConfiguration = { logDriver = "awslogs", options = { awslogs-group = "other", awslogs-region = "eu-west-1", awslogs-datetime-format = "[%Y-%m-%d %H:%M:%S]" } }
          }])
        }
      EOT
    }
  }
}
