mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = {
      names    = ["xx-example-1a", "xx-example-1b", "xx-example-1c", "xx-example-1d"]
      zone_ids = ["use1-az4", "use1-az3", "use1-az1", "use1-az2"]
    }
  }

  mock_data "aws_caller_identity" { defaults = { account_id = "123456789012" } }
  mock_data "aws_partition" { defaults = { partition = "aws" } }
  mock_data "aws_region" { defaults = { id = "xx-example-1" } }
  mock_data "aws_vpc_endpoint_service" { defaults = { vpc_endpoint_policy_supported = true } }

  mock_resource "aws_acm_certificate" {
    defaults = {
      arn = "arn:aws:acm:xx-example-1:123456789012:certificate/example"
      domain_validation_options = [{
        domain_name           = "example.com"
        resource_record_name  = "_a.example.com."
        resource_record_type  = "CNAME"
        resource_record_value = "_b.acm-validations.aws."
      }]
    }
  }

  mock_resource "aws_cloudfront_distribution" { defaults = { arn = "arn:aws:cloudfront::123456789012:distribution/E0123456789ABC" } }
  mock_resource "aws_cloudwatch_log_group" { defaults = { arn = "arn:aws:logs:xx-example-1:123456789012:log-group:example" } }
  mock_resource "aws_ecr_repository" { defaults = { arn = "arn:aws:ecr:xx-example-1:123456789012:repository/example" } }
  mock_resource "aws_ecs_cluster" { defaults = { arn = "arn:aws:ecs:xx-example-1:123456789012:cluster/example" } }
  mock_resource "aws_ecs_task_definition" { defaults = { arn = "arn:aws:ecs:xx-example-1:123456789012:task-definition/example:1" } }
  mock_resource "aws_elasticache_replication_group" { defaults = { arn = "arn:aws:elasticache:xx-example-1:123456789012:replicationgroup:example-cache" } }
  mock_resource "aws_iam_role" { defaults = { arn = "arn:aws:iam::123456789012:role/example" } }
  mock_resource "aws_kms_key" { defaults = { arn = "arn:aws:kms:xx-example-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef" } }
  mock_resource "aws_lb" { defaults = { arn = "arn:aws:elasticloadbalancing:xx-example-1:123456789012:loadbalancer/app/example/0123456789abcdef" } }
  mock_resource "aws_lb_listener" { defaults = { arn = "arn:aws:elasticloadbalancing:xx-example-1:123456789012:listener/app/example/0123456789abcdef/0123456789abcdef" } }
  mock_resource "aws_lb_listener_rule" { defaults = { arn = "arn:aws:elasticloadbalancing:xx-example-1:123456789012:listener-rule/app/example/0123456789abcdef/0123456789abcdef/0123456789abcdef" } }
  mock_resource "aws_lb_target_group" { defaults = { arn = "arn:aws:elasticloadbalancing:xx-example-1:123456789012:targetgroup/example/0123456789abcdef" } }
  mock_resource "aws_s3_bucket" { defaults = { arn = "arn:aws:s3:::example" } }
  mock_resource "aws_sns_topic" { defaults = { arn = "arn:aws:sns:xx-example-1:123456789012:example" } }
  mock_resource "aws_vpc" { defaults = { ipv6_cidr_block = "2001:db8::/56" } }
  mock_resource "aws_wafv2_web_acl" { defaults = { arn = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/example/example" } }
}

variables {
  name           = "example"
  domain_name    = "www.example.com"
  hosted_zone_id = "Z0123456789ABCDEFGHIJ"
  image_tag      = "1f0c2d3"
}

run "service_reaches_dynamodb_where_it_has_an_endpoint" {
  command = apply

  assert {
    condition     = aws_vpc_security_group_egress_rule.service_dynamodb[*].prefix_list_id == try(aws_vpc_endpoint.network_dynamodb[*].prefix_list_id, []) && alltrue([for rule in aws_vpc_security_group_egress_rule.service_dynamodb : rule.cidr_ipv4 == null && rule.from_port == 443 && rule.to_port == 443])
    error_message = "The tasks must be allowed to call DynamoDB where it has an endpoint, and over HTTPS only."
  }
}

run "service_is_private_and_survives_faults" {
  command = apply

  assert {
    condition     = !aws_ecs_service.service.network_configuration[0].assign_public_ip && aws_vpc_security_group_ingress_rule.service_load_balancer.cidr_ipv4 == null
    error_message = "Tasks must have no public address, and only the load balancer may reach them."
  }

  assert {
    condition     = aws_ecs_service.service.deployment_minimum_healthy_percent == 100 && one(aws_ecs_cluster.service.setting[*].value) == "enabled" && aws_cloudwatch_log_group.service.retention_in_days > 0
    error_message = "A deployment must not reduce capacity, and tasks must be monitored and write logs."
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.service_endpoints.cidr_ipv4 == null && aws_vpc_security_group_egress_rule.service_s3.cidr_ipv4 == null
    error_message = "Tasks must reach endpoints, not addresses."
  }

  assert {
    condition = alltrue([
      aws_vpc_security_group_egress_rule.service_internet.ip_protocol == "tcp" && aws_vpc_security_group_egress_rule.service_internet.from_port == 443 && aws_vpc_security_group_egress_rule.service_internet.to_port == 443,
    ])
    error_message = "Only HTTPS may go out to the internet."
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role_policy.service_execution.policy).Statement : statement.Action == "ssm:GetParameters" && endswith(statement.Resource, ":parameter/${var.name}/*")] == concat([true], [for arn in values(var.service_secrets) : false if arn != null])
    error_message = "The agent may read the parameters of this system, and beyond them only what the variable secrets lists."
  }

  assert {
    condition = alltrue([
      jsondecode(aws_iam_role_policy.service_database.policy).Statement[*].Action == ["rds-db:connect"] && endswith(jsondecode(aws_iam_role_policy.service_database.policy).Statement[0].Resource, "/app"),
    ])
    error_message = "The application may log in to its database as its own user only."
  }

  # The definition of the containers, which is JSON that the provider does not inspect.
  assert {
    condition     = alltrue([for container in jsondecode(aws_ecs_task_definition.service.container_definitions) : contains(["awslogs", "awsfirelens"], container.logConfiguration.logDriver) && contains(values(container.logConfiguration.options), aws_cloudwatch_log_group.service.name)])
    error_message = "Every container must write its log to the log group."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.service.container_definitions)[0].logConfiguration.logDriver == "awslogs" && jsondecode(aws_ecs_task_definition.service.container_definitions)[0].logConfiguration.options["awslogs-stream-prefix"] == "ecs" && lookup(jsondecode(aws_ecs_task_definition.service.container_definitions)[0].logConfiguration.options, "awslogs-datetime-format", null) == var.service_log_datetime_format
    error_message = "Streams must be named after the task, and lines must be merged into one event only if configured."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.service.container_definitions)[0].readonlyRootFilesystem && jsondecode(aws_ecs_task_definition.service.container_definitions)[0].essential
    error_message = "The application's file system must be read-only, and no task may keep running without the application."
  }

  assert {
    condition     = alltrue([for path, size in var.service_writable_paths : contains(jsondecode(aws_ecs_task_definition.service.container_definitions)[0].linuxParameters.tmpfs, { containerPath = path, size = size, mountOptions = ["mode=1777"] })]) && contains(keys(var.service_writable_paths), "/tmp")
    error_message = "A container must be able to write to /tmp and the other writable paths, as any user."
  }

  assert {
    condition     = aws_ecs_task_definition.service.skip_destroy
    error_message = "A new revision must keep the earlier ones: the one in service, and the one to roll back to."
  }

  assert {
    condition = (sort([for secret in jsondecode(aws_ecs_task_definition.service.container_definitions)[0].secrets : secret.name]) == sort(concat(["DB_HOST", "REDIS_HOST"], keys(var.service_secrets))) && sort([for variable in jsondecode(aws_ecs_task_definition.service.container_definitions)[0].environment : variable.name]) == sort(setsubtract(keys(merge({
      DB_NAME     = aws_rds_cluster.database.database_name
      DB_PORT     = tostring(aws_rds_cluster.database.port)
      DB_SSL_MODE = "VERIFY_IDENTITY"
      DB_USER     = "app"
      REDIS_PORT  = tostring(aws_elasticache_replication_group.cache.port)
      REDIS_TLS   = "true"
    }, var.service_environment)), keys(var.service_secrets))))
    error_message = "Secrets and linked hosts must reach the application as secrets, never as plain variables, which everyone who can read the task definition sees."
  }

  assert {
    condition     = alltrue([for secret in flatten([for container in jsondecode(aws_ecs_task_definition.service.container_definitions) : try(container.secrets, [])]) : secret.valueFrom == try(coalesce(var.service_secrets[secret.name]), "/${var.name}/${secret.name}")])
    error_message = "Secrets must come from the parameters of this system, except those whose ARN was given."
  }

  assert {
    condition     = alltrue([for container in jsondecode(aws_ecs_task_definition.service.container_definitions) : can(regex(":[0-9]+[.][0-9]", container.image)) if container.name != "app"])
    error_message = "The image of a sidecar must have a tag that does not move."
  }

  assert {
    condition     = alltrue([for configuration in aws_ecs_cluster.service.configuration : configuration.execute_command_configuration[0].logging == "OVERRIDE" && configuration.execute_command_configuration[0].log_configuration[0].cloud_watch_log_group_name == aws_cloudwatch_log_group.service_sessions.name])
    error_message = "Shell sessions must be logged."
  }

  assert {
    condition     = aws_appautoscaling_target.service.min_capacity >= 2
    error_message = "There must be at least two tasks, or the loss of a zone is an outage."
  }

  assert {
    condition = (alltrue([
      aws_ecs_cluster.service.name == var.name,
      aws_ecs_service.service.name == var.name,
      aws_ecs_task_definition.service.family == var.name,
    ]) && one(aws_ecs_cluster.service.setting[*].name) == "containerInsights")
    error_message = "The cluster, the service and the task definition must be named after the system: runbooks, alarms and pipelines rely on that."
  }

  assert {
    condition     = aws_ecs_service.service.deployment_maximum_percent == 200 && aws_ecs_service.service.desired_count == var.service_scaling.desired && aws_ecs_service.service.health_check_grace_period_seconds == 120
    error_message = "New tasks must start alongside the old ones, and have the chosen time to start."
  }

  assert {
    condition     = one(aws_ecs_service.service.load_balancer).container_port == var.container_port && jsondecode(aws_ecs_task_definition.service.container_definitions)[0].portMappings == [{ containerPort = var.container_port, hostPort = var.container_port, protocol = "tcp" }]
    error_message = "Requests must go to the application's port."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.service_load_balancer.referenced_security_group_id == aws_security_group.load_balancer.id && aws_vpc_security_group_ingress_rule.service_load_balancer.ip_protocol == "tcp" && aws_vpc_security_group_ingress_rule.service_load_balancer.from_port == var.container_port && aws_vpc_security_group_ingress_rule.service_load_balancer.to_port == var.container_port
    error_message = "Only the load balancer may reach the tasks, and only the application's port."
  }

  assert {
    condition     = aws_ecs_task_definition.service.network_mode == "awsvpc" && aws_ecs_task_definition.service.requires_compatibilities == toset(["FARGATE"]) && aws_ecs_task_definition.service.cpu == tostring(var.service_size.cpu) && aws_ecs_task_definition.service.memory == tostring(var.service_size.memory)
    error_message = "Tasks must run on Fargate, with the chosen size."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.service.container_definitions)[0].cpu <= var.service_size.cpu * 0.75 && jsondecode(aws_ecs_task_definition.service.container_definitions)[0].memoryReservation <= var.service_size.memory * 0.75
    error_message = "A task must have more than the application uses, for what runs alongside it."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.service.container_definitions)[0].logConfiguration.options["awslogs-region"] == data.aws_region.current.id
    error_message = "Logs must stay in the region."
  }

  assert {
    condition     = aws_appautoscaling_target.service.min_capacity == var.service_scaling.min && aws_appautoscaling_target.service.max_capacity == var.service_scaling.max
    error_message = "Auto scaling must keep within the chosen limits."
  }

  assert {
    condition     = alltrue([for metric, policy in aws_appautoscaling_policy.service : policy.target_tracking_scaling_policy_configuration[0].predefined_metric_specification[0].predefined_metric_type == metric && policy.target_tracking_scaling_policy_configuration[0].target_value == { ECSServiceAverageCPUUtilization = var.service_scaling_policy.cpu, ECSServiceAverageMemoryUtilization = var.service_scaling_policy.memory, ALBRequestCountPerTarget = var.service_scaling_policy.requests }[metric]])
    error_message = "Each metric must be kept at the chosen value."
  }

  assert {
    condition     = aws_iam_role_policy.service_exec.role == aws_iam_role.service_task.name && anytrue([for statement in jsondecode(aws_iam_role_policy.service_exec.policy).Statement : statement.Effect == "Allow" && statement.Resource == "*" && toset(flatten([statement.Action])) == toset(["ssmmessages:CreateControlChannel", "ssmmessages:CreateDataChannel", "ssmmessages:OpenControlChannel", "ssmmessages:OpenDataChannel"])])
    error_message = "The agent in the task must be able to open the channels of a session."
  }
}

run "service_waits_for_the_first_image" {
  command = plan

  variables {
    image_tag = ""
  }

  expect_failures = [check.service_image]

  assert {
    condition     = alltrue([aws_appautoscaling_target.service.min_capacity == 0])
    error_message = "Without an image nothing may start tasks: the deployment would fail, and stay failed."
  }
}

run "service_reads_what_it_is_told" {
  command = plan

  variables {
    service_secrets = {
      APP_KEY   = null
      API_TOKEN = "arn:aws:secretsmanager:region:123456789012:secret:api-AbCdEf:token::"
      LICENCE   = "arn:aws:ssm:region:123456789012:parameter/shared/licence"
    }
  }

  assert {
    condition = (slice([for statement in jsondecode(aws_iam_role_policy.service_execution.policy).Statement : "${statement.Action} ${statement.Resource}"], 1, 3) == [
      "secretsmanager:GetSecretValue arn:aws:secretsmanager:region:123456789012:secret:api-AbCdEf",
      "ssm:GetParameters arn:aws:ssm:region:123456789012:parameter/shared/licence",
    ])
    error_message = "The agent may read what the variable secrets lists, and nothing else."
  }
}

run "service_deploys_blue_green" {
  command = plan

  assert {
    condition     = aws_ecs_service.service.deployment_configuration[0].strategy == "BLUE_GREEN"
    error_message = "ECS must deploy blue/green."
  }
}

run "service_keeps_the_lines_of_an_event_together" {
  command = apply

  variables {
    service_log_datetime_format = "\\[%Y-%m-%d %H:%M:%S\\]"
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.service.container_definitions)[0].logConfiguration.options["awslogs-datetime-format"] == var.service_log_datetime_format
    error_message = "A stack trace must be one event, if the lines of events begin with a date."
  }
}
