mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                            = "example"
  subnet_ids                      = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  load_balancer_security_group_id = "sg-0123456789abcdef1"
  target_group_arn                = "arn:aws:elasticloadbalancing:xx-example-1:123456789012:targetgroup/example/0123456789abcdef"
  endpoint_security_group_id      = "sg-0123456789abcdef2"
  s3_prefix_list_id               = "pl-61a54008"
  repository_url                  = "123456789012.dkr.ecr.xx-example-1.amazonaws.com/example"
  image_tag                       = "v1.0.0"
  security_group_id               = "sg-0123456789abcdef3"
  execution_role_name             = "example-execution"
  execution_role_arn              = "arn:aws:iam::123456789012:role/example-execution"
  task_role_name                  = "example-task"
  task_role_arn                   = "arn:aws:iam::123456789012:role/example-task"
}

run "is_private_and_survives_faults" {
  command = apply

  assert {
    condition     = !aws_ecs_service.this.network_configuration[0].assign_public_ip && aws_vpc_security_group_ingress_rule.load_balancer.cidr_ipv4 == null
    error_message = "Tasks must have no public address, and only the load balancer may reach them."
  }

  assert {
    condition     = aws_ecs_service.this.deployment_minimum_healthy_percent == 100 && one(aws_ecs_cluster.this.setting[*].value) == "enabled" && aws_cloudwatch_log_group.this.retention_in_days > 0
    error_message = "A deployment must not reduce capacity, and tasks must be monitored and write logs."
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.endpoints[0].cidr_ipv4 == null && aws_vpc_security_group_egress_rule.s3[0].cidr_ipv4 == null
    error_message = "Tasks must reach endpoints, not addresses."
  }

  # bpgen:if var.given_network && var.outbound != "nat-gateway"
  assert {
    condition     = aws_vpc_security_group_ingress_rule.endpoints[0].security_group_id == var.endpoint_security_group_id && aws_vpc_security_group_ingress_rule.endpoints[0].referenced_security_group_id == var.security_group_id && aws_vpc_security_group_ingress_rule.endpoints[0].to_port == 443
    error_message = "The rule must allow only the tasks to reach the network's endpoints."
  }

  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_egress_rule.internet : rule.ip_protocol == "tcp" && rule.from_port == 443 && rule.to_port == 443])
    error_message = "Only HTTPS may go out to the internet."
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.execution.policy).Statement : statement.Action == "ssm:GetParameters" && endswith(statement.Resource, ":parameter/${var.name}/*")] == concat([true], [for arn in values(var.secrets) : false if arn != null])
    error_message = "The agent may read the parameters of this system, and beyond them only what the variable secrets lists."
  }

  assert {
    condition     = alltrue([for policy in aws_iam_role_policy.database : jsondecode(policy.policy).Statement[*].Action == ["rds-db:connect"] && endswith(jsondecode(policy.policy).Statement[0].Resource, "/${coalesce(var.database_user, "-")}")])
    error_message = "The application may log in to its database as its own user only."
  }

  # bpgen:if !var.external_deployment && var.deployment != "codedeploy"
  assert {
    condition     = aws_ecs_service.this.wait_for_steady_state
    error_message = "An apply must not finish before the new version is running or has failed."
  }

  # The definition of the containers, which is JSON that the provider does not inspect.
  assert {
    condition     = alltrue([for container in jsondecode(aws_ecs_task_definition.this.container_definitions) : contains(["awslogs", "awsfirelens"], container.logConfiguration.logDriver) && contains(values(container.logConfiguration.options), aws_cloudwatch_log_group.this.name)])
    error_message = "Every container must write its log to the log group."
  }

  # bpgen:if !contains(["firelens", "both"], var.sidecars)
  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].logConfiguration.logDriver == "awslogs" && jsondecode(aws_ecs_task_definition.this.container_definitions)[0].logConfiguration.options["awslogs-stream-prefix"] == "ecs" && lookup(jsondecode(aws_ecs_task_definition.this.container_definitions)[0].logConfiguration.options, "awslogs-datetime-format", null) == var.log_datetime_format
    error_message = "Streams must be named after the task, and lines must be merged into one event only if configured."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].readonlyRootFilesystem && jsondecode(aws_ecs_task_definition.this.container_definitions)[0].essential
    error_message = "The application's file system must be read-only, and no task may keep running without the application."
  }

  assert {
    condition     = alltrue([for path, size in var.writable_paths : contains(jsondecode(aws_ecs_task_definition.this.container_definitions)[0].linuxParameters.tmpfs, { containerPath = path, size = size, mountOptions = ["mode=1777"] })]) && contains(keys(var.writable_paths), "/tmp")
    error_message = "A container must be able to write to /tmp and the other writable paths, as any user."
  }

  assert {
    condition     = aws_ecs_task_definition.this.skip_destroy
    error_message = "A new revision must keep the earlier ones: the one in service, and the one to roll back to."
  }

  assert {
    condition     = sort([for secret in jsondecode(aws_ecs_task_definition.this.container_definitions)[0].secrets : secret.name]) == sort(concat(keys(var.linked_secrets), keys(var.secrets))) && sort([for variable in jsondecode(aws_ecs_task_definition.this.container_definitions)[0].environment : variable.name]) == sort(setsubtract(keys(merge(var.linked_environment, var.environment)), keys(var.secrets)))
    error_message = "Secrets and linked hosts must reach the application as secrets, never as plain variables, which everyone who can read the task definition sees."
  }

  # bpgen:if !var.database_proxy
  assert {
    condition     = alltrue([for secret in flatten([for container in jsondecode(aws_ecs_task_definition.this.container_definitions) : try(container.secrets, [])]) : secret.valueFrom == try(coalesce(var.secrets[secret.name]), "/${var.name}/${secret.name}")])
    error_message = "Secrets must come from the parameters of this system, except those whose ARN was given."
  }

  # bpgen:if var.database_proxy
  assert {
    condition     = alltrue([for secret in flatten([for container in jsondecode(aws_ecs_task_definition.this.container_definitions) : try(container.secrets, [])]) : secret.valueFrom == try(coalesce(var.secrets[secret.name]), can(regex("^DB_.*HOST$", secret.name)) ? "/${var.name}/${replace(secret.name, "DB_", "DB_PROXY_")}" : "/${var.name}/${secret.name}")])
    error_message = "Secrets must come from the parameters of this system, except those whose ARN was given, and the hosts of the database must be those of its proxy."
  }

  # bpgen:if var.database_proxy
  assert {
    condition     = alltrue([for policy in aws_iam_role_policy.database : strcontains(jsondecode(policy.policy).Statement[0].Resource, ":dbuser:prx-")])
    error_message = "The application may log in to the proxy, not to the database."
  }

  assert {
    condition     = alltrue([for container in jsondecode(aws_ecs_task_definition.this.container_definitions) : can(regex(":[0-9]+[.][0-9]", container.image)) if container.name != "app"])
    error_message = "The image of a sidecar must have a tag that does not move."
  }

  # bpgen:if contains(["firelens", "both"], var.sidecars)
  assert {
    condition     = anytrue([for container in jsondecode(aws_ecs_task_definition.this.container_definitions) : container.essential && container.firelensConfiguration.type == "fluentbit" && container.logConfiguration.logDriver == "awslogs" if container.name == "log-router"])
    error_message = "The log router must be part of every task, and must not route its own log."
  }

  # bpgen:if contains(["datadog", "both"], var.sidecars)
  assert {
    condition     = anytrue([for container in jsondecode(aws_ecs_task_definition.this.container_definitions) : !container.essential && container.secrets[*].name == ["DD_API_KEY"] && !contains(container.environment[*].name, "DD_API_KEY") if container.name == "datadog-agent"])
    error_message = "The agent must take its key from a parameter, and users must be served without the agent."
  }

  # bpgen:if !var.execute_command
  assert {
    condition     = !aws_ecs_service.this.enable_execute_command
    error_message = "Nobody may open a shell in a container until execute_command is chosen."
  }

  assert {
    condition     = alltrue([for configuration in aws_ecs_cluster.this.configuration : configuration.execute_command_configuration[0].logging == "OVERRIDE" && configuration.execute_command_configuration[0].log_configuration[0].cloud_watch_log_group_name == aws_cloudwatch_log_group.sessions[0].name])
    error_message = "Shell sessions must be logged."
  }

  # bpgen:if var.autoscaling
  assert {
    condition     = aws_appautoscaling_target.this[0].min_capacity >= 2
    error_message = "There must be at least two tasks, or the loss of a zone is an outage."
  }

  # bpgen:if var.deployment == "rolling"
  assert {
    condition     = aws_ecs_service.this.deployment_circuit_breaker[0].enable && aws_ecs_service.this.deployment_circuit_breaker[0].rollback
    error_message = "A version that does not start must be noticed and rolled back."
  }

  assert {
    condition     = alltrue([for name in [aws_ecs_cluster.this.name, aws_ecs_service.this.name, aws_ecs_task_definition.this.family] : name == var.name]) && one(aws_ecs_cluster.this.setting[*].name) == "containerInsights"
    error_message = "The cluster, the service and the task definition must be named after the system: runbooks, alarms and pipelines rely on that."
  }

  assert {
    condition     = aws_ecs_service.this.deployment_maximum_percent == 200 && aws_ecs_service.this.desired_count == var.scaling.desired && aws_ecs_service.this.health_check_grace_period_seconds == var.health_check_grace_period
    error_message = "New tasks must start alongside the old ones, and have the chosen time to start."
  }

  assert {
    condition     = one(aws_ecs_service.this.load_balancer).container_port == var.container_port && jsondecode(aws_ecs_task_definition.this.container_definitions)[0].portMappings == [{ containerPort = var.container_port, hostPort = var.container_port, protocol = "tcp" }]
    error_message = "Requests must go to the application's port."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.load_balancer.referenced_security_group_id == var.load_balancer_security_group_id && aws_vpc_security_group_ingress_rule.load_balancer.ip_protocol == "tcp" && aws_vpc_security_group_ingress_rule.load_balancer.from_port == var.container_port && aws_vpc_security_group_ingress_rule.load_balancer.to_port == var.container_port
    error_message = "Only the load balancer may reach the tasks, and only the application's port."
  }

  assert {
    condition     = aws_ecs_task_definition.this.network_mode == "awsvpc" && aws_ecs_task_definition.this.requires_compatibilities == toset(["FARGATE"]) && aws_ecs_task_definition.this.cpu == tostring(var.size.cpu) && aws_ecs_task_definition.this.memory == tostring(var.size.memory)
    error_message = "Tasks must run on Fargate, with the chosen size."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].cpu <= var.size.cpu * 0.75 && jsondecode(aws_ecs_task_definition.this.container_definitions)[0].memoryReservation <= var.size.memory * 0.75
    error_message = "A task must have more than the application uses, for what runs alongside it."
  }

  # bpgen:if !contains(["firelens", "both"], var.sidecars)
  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].logConfiguration.options["awslogs-region"] == data.aws_region.current.id
    error_message = "Logs must stay in the region."
  }

  # bpgen:if var.autoscaling
  assert {
    condition     = aws_appautoscaling_target.this[0].min_capacity == var.scaling.min && aws_appautoscaling_target.this[0].max_capacity == var.scaling.max
    error_message = "Auto scaling must keep within the chosen limits."
  }

  # bpgen:if var.autoscaling
  assert {
    condition     = alltrue([for metric, policy in aws_appautoscaling_policy.this : policy.target_tracking_scaling_policy_configuration[0].predefined_metric_specification[0].predefined_metric_type == metric && policy.target_tracking_scaling_policy_configuration[0].target_value == { ECSServiceAverageCPUUtilization = var.scaling_policy.cpu, ECSServiceAverageMemoryUtilization = var.scaling_policy.memory, ALBRequestCountPerTarget = var.scaling_policy.requests }[metric]])
    error_message = "Each metric must be kept at the chosen value."
  }

  # bpgen:if var.execute_command
  assert {
    condition     = aws_iam_role_policy.exec[0].role == var.task_role_name && anytrue([for statement in jsondecode(aws_iam_role_policy.exec[0].policy).Statement : statement.Effect == "Allow" && statement.Resource == "*" && toset(flatten([statement.Action])) == toset(["ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel"])])
    error_message = "The agent in the task must be able to open the channels of a session."
  }
}

run "waits_for_the_first_image" {
  command = plan

  variables {
    image_tag = ""
  }

  expect_failures = [check.image]

  assert {
    condition     = alltrue([for target in aws_appautoscaling_target.this : target.min_capacity == 0])
    error_message = "Without an image nothing may start tasks: the deployment would fail, and stay failed."
  }
}

run "reads_what_it_is_told" {
  command = plan

  variables {
    secrets = {
      APP_KEY   = null
      API_TOKEN = "arn:aws:secretsmanager:region:123456789012:secret:api-AbCdEf:token::"
      LICENCE   = "arn:aws:ssm:region:123456789012:parameter/shared/licence"
    }
  }

  assert {
    condition = slice([for statement in jsondecode(aws_iam_role_policy.execution.policy).Statement : "${statement.Action} ${statement.Resource}"], 1, 3) == [
      "secretsmanager:GetSecretValue arn:aws:secretsmanager:region:123456789012:secret:api-AbCdEf",
      "ssm:GetParameters arn:aws:ssm:region:123456789012:parameter/shared/licence",
    ]
    error_message = "The agent may read what the variable secrets lists, and nothing else."
  }
}

run "deploys_by_codedeploy" {
  command = plan

  variables {
    deployment = "codedeploy"
  }

  assert {
    condition     = aws_ecs_service.this.deployment_controller[0].type == "CODE_DEPLOY"
    error_message = "CodeDeploy must create and move the tasks."
  }
}

# bpgen:if var.aws_provider == "6"
run "deploys_blue_green" {
  command = plan

  variables {
    deployment                   = "blue-green"
    alternate_target_group_arn   = "arn:aws:elasticloadbalancing:xx-example-1:123456789012:targetgroup/green/0123456789abcdef"
    production_listener_rule_arn = "arn:aws:elasticloadbalancing:xx-example-1:123456789012:listener-rule/app/example/0123456789abcdef/0123456789abcdef/0123456789abcdef"
  }

  assert {
    condition     = aws_ecs_service.this.deployment_configuration[0].strategy == "BLUE_GREEN"
    error_message = "ECS must deploy blue/green."
  }
}

# bpgen:if !contains(["firelens", "both"], var.sidecars)
run "keeps_the_lines_of_an_event_together" {
  command = apply

  variables {
    log_datetime_format = "\\[%Y-%m-%d %H:%M:%S\\]"
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.this.container_definitions)[0].logConfiguration.options["awslogs-datetime-format"] == var.log_datetime_format
    error_message = "A stack trace must be one event, if the lines of events begin with a date."
  }
}
