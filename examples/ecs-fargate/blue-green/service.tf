resource "aws_ecs_cluster" "service" {
  name = var.name # departs from notes ecs-fargate.resource-names: The kind is clear from the context, and the names of load balancers and roles must be short

  setting {
    name  = "containerInsights"
    value = "enabled" # departs from notes cloudwatch-metrics.container-insights-account-setting: The account setting is only the default for new clusters, and it affects other teams' clusters as well
  }

  # Session input is logged: CloudTrail only records that there was a session.
  configuration {
    execute_command_configuration {
      # checkov:skip=CKV_AWS_224:the channel is encrypted with TLS; a customer-managed key would only cost money
      logging = "OVERRIDE"

      log_configuration {
        cloud_watch_log_group_name = aws_cloudwatch_log_group.service_sessions.name
      }
    }
  }
}

resource "aws_ecs_service" "service" {
  name            = var.name
  cluster         = aws_ecs_cluster.service.arn
  task_definition = aws_ecs_task_definition.service.arn

  launch_type      = "FARGATE"                                             # notes ecs-fargate.launch-type, ecs-eks.ecs-data-plane: Fargate or EC2
  platform_version = "LATEST"                                              # why: the newest; 1.4.0 today
  desired_count    = var.image_tag == "" ? 0 : var.service_scaling.desired # why: without an image there is nothing to start

  enable_execute_command            = true      # notes ecs-fargate.exec-enable-on-service: required by ECS Exec
  health_check_grace_period_seconds = 120       # notes ecs-fargate.grace-period-covers-registration-and-start: time to register, be checked and start
  availability_zone_rebalancing     = "ENABLED" # why: after the loss of a zone tasks are rebalanced
  enable_ecs_managed_tags           = true
  propagate_tags                    = "SERVICE" # why: the cost of the tasks appears under the service's tags

  deployment_minimum_healthy_percent = 100 # departs from notes ecs-fargate.minimum-healthy-percent: The notes' 50 % is an illustration; with it a deployment at peak time halves the capacity
  deployment_maximum_percent         = 200 # notes ecs-fargate.maximum-percent: at most as many new tasks as old ones

  network_configuration {
    subnets          = aws_subnet.network_app[*].id # notes ecs-fargate.tasks-in-private-subnet: private subnets, not public ones
    security_groups  = [aws_security_group.service.id]
    assign_public_ip = false
  }

  load_balancer {
    container_name   = "app"
    container_port   = var.container_port
    target_group_arn = aws_lb_listener.load_balancer_https.default_action[0].target_group_arn

    advanced_configuration {
      alternate_target_group_arn = aws_lb_target_group.load_balancer_green.arn
      production_listener_rule   = aws_lb_listener_rule.load_balancer_production.arn
      test_listener_rule         = aws_lb_listener_rule.load_balancer_test.arn
      role_arn                   = aws_iam_role.service_infrastructure.arn
    }
  }

  deployment_configuration {
    strategy             = "BLUE_GREEN"
    bake_time_in_minutes = 10 # why: time to switch back to blue immediately, before ECS stops it
  }

  # A version that starts but misbehaves is rolled back as well.
  dynamic "alarms" {
    for_each = length(coalesce(var.deployment_alarms, [for alarm in ["alb-HTTPCode_ELB_5XX_Count", "alb-HTTPCode_Target_5XX_Count", "targets-HealthyHostCount"] : "${var.name}-${alarm}-alarm"])) > 0 ? [1] : []

    content {
      alarm_names = coalesce(var.deployment_alarms, [for alarm in ["alb-HTTPCode_ELB_5XX_Count", "alb-HTTPCode_Target_5XX_Count", "targets-HealthyHostCount"] : "${var.name}-${alarm}-alarm"])
      enable      = true
      rollback    = true
    }
  }

  timeouts {
    create = "60m"
    update = "60m" # why: starting, baking and draining together take longer than the default twenty minutes
  }

  lifecycle {
    ignore_changes = [
      desired_count,   # why: auto scaling changes it
      task_definition, # notes codedeploy.imagedefinitions-json: a deployment creates a new revision
    ]

    # ECS rolls back to the previous version by itself and becomes stable again.
  }

  # What a task needs to start is created first and destroyed last: permissions,
  # outbound access, data stores. Otherwise the first tasks fail and the last ones cannot drain.
  depends_on = [
    aws_iam_role_policy.service_execution,
    aws_iam_role_policy.service_database,
    aws_iam_role_policy_attachment.service_infrastructure,
    aws_vpc_security_group_egress_rule.service_load_balancer,
    aws_vpc_security_group_egress_rule.service_endpoints,
    aws_vpc_security_group_egress_rule.service_s3,
    aws_vpc_security_group_egress_rule.service_dynamodb,
    aws_vpc_security_group_egress_rule.service_internet,
    aws_vpc_security_group_ingress_rule.service_load_balancer,
    aws_iam_role_policy_attachment.service_execution,
    aws_route_table_association.network_app,
    aws_route.network_app_nat,
    aws_vpc_endpoint.network_s3,
    aws_vpc_endpoint.network_interface,
    aws_vpc_security_group_ingress_rule.network_endpoints,
    aws_vpc_security_group_egress_rule.database_client,
    aws_vpc_security_group_ingress_rule.database,
    aws_vpc_security_group_egress_rule.cache_client,
    aws_vpc_security_group_ingress_rule.cache,
  ]
}

resource "aws_ecs_task_definition" "service" {
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc" # notes ecs-fargate.network-mode-awsvpc, ecs-fargate.network-mode: each task has its own network interface
  cpu                      = var.service_size.cpu
  memory                   = var.service_size.memory
  execution_role_arn       = aws_iam_role.service_execution.arn # why: to start tasks
  task_role_arn            = aws_iam_role.service_task.arn      # why: what the application may do

  skip_destroy = true # why: a revision in use must stay; the previous one is needed for a rollback

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.service_architecture
  }

  dynamic "ephemeral_storage" {
    for_each = var.service_ephemeral_storage[*]

    content {
      size_in_gib = ephemeral_storage.value
    }
  }

  # A host name and DNS servers cannot be set on Fargate.
  container_definitions = jsonencode([
    {
      name                   = "app"
      image                  = "${aws_ecr_repository.registry.repository_url}:${var.image_tag == "" ? "none" : var.image_tag}"
      essential              = true                                                                                      # notes ecs-fargate.container-essential: without it the task stops
      cpu                    = floor(var.service_size.cpu * 0.75)                                                        # notes ecs-fargate.task-cpu-headroom: the task has more than its containers need
      memoryReservation      = floor(var.service_size.memory * 0.75)                                                     # notes ecs-fargate.container-memory, ecs-fargate.task-memory-headroom: a soft limit; the task has more than its containers need
      stopTimeout            = 60                                                                                        # why: current requests are answered before the task is killed
      user                   = var.service_user                                                                          # why: null is the image's user
      readonlyRootFilesystem = var.service_readonly_root                                                                 # why: an attacker cannot change the program
      linuxParameters        = { initProcessEnabled = true, tmpfs = local.service_writable }                             # why: the init process reaps zombies and passes signals on
      ulimits                = [{ name = "nofile", softLimit = 65535, hardLimit = 65535 }]                               # why: every connection is an open file
      portMappings           = [{ containerPort = var.container_port, hostPort = var.container_port, protocol = "tcp" }] # why: both ports must be the same in awsvpc mode
      environment = [for key, value in merge({
        DB_NAME     = aws_rds_cluster.database.database_name
        DB_PORT     = tostring(aws_rds_cluster.database.port)
        DB_SSL_MODE = "VERIFY_IDENTITY"
        DB_USER     = "app"
        REDIS_PORT  = tostring(aws_elasticache_replication_group.cache.port)
        REDIS_TLS   = "true"
      }, var.service_environment) : { name = key, value = value } if !contains(keys(var.service_secrets), key)]

      # notes ecs-fargate.container-secrets-from-parameter-store, ssm-parameter-store.injected-as-environment-variable: decrypted, and passed as environment variables
      secrets = concat(
        [
          { name = "DB_HOST", valueFrom = aws_ssm_parameter.database_host.name },
          { name = "REDIS_HOST", valueFrom = aws_ssm_parameter.cache_host.name },
        ],
        [for key, arn in var.service_secrets : { name = key, valueFrom = coalesce(arn, "/${var.name}/${key}") }],
      ) # notes ssm-parameter-store.name-format: /<system>/<variable>

      # The command runs inside the container, so its tools must be in the image.
      healthCheck = (var.service_health_check_command == null ? null : {
        command     = ["CMD-SHELL", var.service_health_check_command] # notes ecs-fargate.container-health-check-command: curl, or another command of the image
        interval    = 30
        retries     = 3 # why: failures in a row
        timeout     = 5
        startPeriod = 60
      })

      logConfiguration = {
        logDriver = "awslogs" # notes ecs-fargate.log-driver, ecs-fargate.awslogs-sends-stdout-stderr: collects stdout and stderr
        options = tomap({ for option, value in {
          awslogs-group           = aws_cloudwatch_log_group.service.name # why: created here, not by the agent
          awslogs-region          = data.aws_region.current.id
          awslogs-stream-prefix   = "ecs"                           # notes ecs-fargate.awslogs-stream-name-format: ecs/app/<task id>
          awslogs-datetime-format = var.service_log_datetime_format # why: null makes every line an event
        } : option => value if value != null })
      }
    },
  ])
}

locals {
  # In memory and writable by every user of the container; a volume would belong to root.
  service_writable = [for path, size in merge(var.service_writable_paths, { "/managed-agents" = 16, "/var/lib/amazon/ssm" = 64, "/var/log/amazon/ssm" = 16 }) : {
    containerPath = path, size = size, mountOptions = ["mode=1777"]
  }]
}

# trivy:ignore:AWS-0017 CloudWatch Logs encrypts by default; a customer-managed key would only cost money
resource "aws_cloudwatch_log_group" "service" {
  # checkov:skip=CKV_AWS_158:CloudWatch Logs encrypts by default; a customer-managed key would only cost money
  name              = "/ecs/${var.name}"
  retention_in_days = var.log_retention_days
}

# trivy:ignore:AWS-0017 CloudWatch Logs encrypts by default; a customer-managed key would only cost money
resource "aws_cloudwatch_log_group" "service_sessions" {
  # checkov:skip=CKV_AWS_158:CloudWatch Logs encrypts by default; a customer-managed key would only cost money
  name              = "/ecs/${var.name}/sessions"
  retention_in_days = var.log_retention_days
}

resource "aws_appautoscaling_target" "service" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount" # notes auto-scaling.target-tracking-ecs-tasks: the number of tasks
  resource_id        = "service/${aws_ecs_cluster.service.name}/${aws_ecs_service.service.name}"
  min_capacity       = var.image_tag == "" ? 0 : var.service_scaling.min # notes auto-scaling.group-sizes: the minimum
  max_capacity       = var.service_scaling.max                           # notes auto-scaling.group-sizes: the maximum
}

resource "aws_appautoscaling_policy" "service" {
  # notes ecs-fargate.target-tracking-metric, auto-scaling.target-tracking-metric: average CPU, average memory, requests per task
  for_each = { for metric, target in {
    ECSServiceAverageCPUUtilization    = var.service_scaling_policy.cpu
    ECSServiceAverageMemoryUtilization = var.service_scaling_policy.memory
  } : metric => target if target != null }

  name               = each.key
  policy_type        = "TargetTrackingScaling" # notes auto-scaling.policy-type, auto-scaling.metric-threshold-horizontal: scales out and in towards a target value
  service_namespace  = aws_appautoscaling_target.service.service_namespace
  scalable_dimension = aws_appautoscaling_target.service.scalable_dimension
  resource_id        = aws_appautoscaling_target.service.resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = each.value # notes ecs-fargate.scale-in-at-90-percent-of-target: scales in below 90 % of it
    scale_out_cooldown = var.service_scaling_policy.scale_out_cooldown
    scale_in_cooldown  = var.service_scaling_policy.scale_in_cooldown

    predefined_metric_specification {
      predefined_metric_type = each.key
    }
  }
}

# Different limits at certain times, such as fewer tasks at night.
resource "aws_appautoscaling_scheduled_action" "service" {
  for_each = { for name, action in var.service_scheduled_scaling : name => action if var.image_tag != "" }

  name               = each.key
  service_namespace  = aws_appautoscaling_target.service.service_namespace
  scalable_dimension = aws_appautoscaling_target.service.scalable_dimension
  resource_id        = aws_appautoscaling_target.service.resource_id
  schedule           = each.value.schedule
  timezone           = each.value.time_zone

  scalable_target_action {
    min_capacity = each.value.min
    max_capacity = each.value.max
  }
}

# An apply without an image succeeds, but nothing runs.
check "service_image" {
  assert {
    condition     = var.image_tag != ""
    error_message = "There is no image yet, so no task runs. Push one and set image_tag: runbooks/service-first-apply.md."
  }
}

resource "aws_iam_role_policy" "service_execution" {
  name = "read-parameters"
  role = aws_iam_role.service_execution.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([{
      Effect   = "Allow"
      Action   = "ssm:GetParameters" # notes iam.ssm-get-parameters-inline-policy: only those of this system; departs from notes ecs-fargate.task-role-ssm-policy
      Resource = "arn:${data.aws_partition.current.partition}:ssm:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:parameter/${var.name}/*"
      }], [for arn in values(var.service_secrets) : {
      Effect   = "Allow"
      Action   = strcontains(arn, ":secretsmanager:") ? "secretsmanager:GetSecretValue" : "ssm:GetParameters"
      Resource = regex("^(?:[^:]+:){5}(?:secret:[^:]+|parameter/.+)", arn) # why: a suffix of a secret selects a key in it
    } if arn != null])
  })
}

resource "aws_iam_role_policy" "service_database" {
  name = "log-in-to-database"
  role = aws_iam_role.service_task.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "rds-db:connect" # why: with a token valid for 15 minutes, as this user only
      Resource = "arn:${data.aws_partition.current.partition}:rds-db:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:dbuser:${aws_rds_cluster.database.cluster_resource_id}/app"
    }]
  })
}

resource "aws_iam_role_policy" "service_exec" {
  # checkov:skip=CKV_AWS_355:these actions do not support resource-level permissions
  name = "execute-command"
  role = aws_iam_role.service_task.name # departs from notes ecs-fargate.exec-policy-on-task-execution-role: The agent runs inside the container and uses the task role; on the execution role they have no effect

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = [ # notes ecs-fargate.exec-ssmmessages-policy: the channels of Session Manager
          "ssmmessages:CreateControlChannel",
          "ssmmessages:CreateDataChannel",
          "ssmmessages:OpenControlChannel",
          "ssmmessages:OpenDataChannel",
        ]
        Resource = "*"
      },
      {
        Effect   = "Allow"
        Action   = "logs:DescribeLogGroups" # why: the agent looks up the log group of the sessions
        Resource = "*"
      },
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.service_sessions.arn}:*"
      },
    ]
  })
}

# For ECS, which switches the load balancer from blue to green.
resource "aws_iam_role" "service_infrastructure" {
  name = "${var.name}-infrastructure-${data.aws_region.current.id}"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } } # why: not for services in another account
    }]
  })
}

resource "aws_iam_role_policy_attachment" "service_infrastructure" {
  role       = aws_iam_role.service_infrastructure.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers"
}

# departs from notes alb.target-sg-allows-vpc-range: The range would let anything in the VPC connect to the tasks; elsewhere the notes themselves prefer the group
resource "aws_vpc_security_group_ingress_rule" "service_load_balancer" {
  # checkov:skip=CKV_AWS_260:the check does not support rules that allow a group instead of addresses
  security_group_id            = aws_security_group.service.id
  description                  = "HTTP from the load balancer"
  referenced_security_group_id = aws_security_group.load_balancer.id # notes security-group.app-ec2-http, security-group.app-ec2-source, security-group.source-security-group-id: the load balancer's group
  ip_protocol                  = "tcp"
  from_port                    = var.container_port
  to_port                      = var.container_port
}

resource "aws_vpc_security_group_egress_rule" "service_load_balancer" {
  security_group_id            = aws_security_group.load_balancer.id
  description                  = "HTTP to the tasks"
  referenced_security_group_id = aws_security_group.service.id
  ip_protocol                  = "tcp"
  from_port                    = var.container_port
  to_port                      = var.container_port
}

# One endpoint for each AWS service that tasks call.
# notes vpc-endpoint.fargate-in-private-subnet, ecs-fargate.vpc-endpoint-set: private tasks reach nothing else
# notes ecs-fargate.vpc-endpoint-ecr-api, ecs-fargate.vpc-endpoint-ecr-dkr: images
# notes ecs-fargate.vpc-endpoint-logs, ecs-fargate.vpc-endpoint-ssm: logs and parameters
resource "aws_vpc_security_group_egress_rule" "service_endpoints" {
  security_group_id            = aws_security_group.service.id
  description                  = "HTTPS to the VPC endpoints"
  referenced_security_group_id = aws_security_group.network_endpoints.id # notes ecs-fargate.outbound-prefer-vpc-endpoint: endpoints rather than NAT
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

resource "aws_vpc_security_group_egress_rule" "service_s3" {
  security_group_id = aws_security_group.service.id
  description       = "HTTPS to S3, where ECR keeps the image layers"
  prefix_list_id    = aws_vpc_endpoint.network_s3.prefix_list_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "service_dynamodb" {
  count = length(aws_vpc_endpoint.network_dynamodb[*].prefix_list_id)

  security_group_id = aws_security_group.service.id
  description       = "HTTPS to DynamoDB"
  prefix_list_id    = (aws_vpc_endpoint.network_dynamodb[*].prefix_list_id)[count.index]
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

# trivy:ignore:AWS-0104 only TCP 443 is allowed, because the addresses of the services change
resource "aws_vpc_security_group_egress_rule" "service_internet" {
  security_group_id = aws_security_group.service.id
  description       = "HTTPS to the internet through the NAT gateway"
  cidr_ipv4         = "0.0.0.0/0" # departs from notes security-group.egress-all: Full access would let a compromised task connect anywhere; the notes give it as an example
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

# Metrics to monitor; statistics, thresholds and minutes are chosen by this module.
locals {
  service_alarms = {
    service = {
      namespace  = "AWS/ECS"
      dimensions = { ClusterName = aws_ecs_cluster.service.name, ServiceName = aws_ecs_service.service.name } # notes cloudwatch-metrics.ecs-dimensions: together they identify the service
      # notes cloudwatch-metrics.ecs-cpu-utilization, cloudwatch-metrics.ecs-memory-utilization: metrics to watch
      metrics = {
        CPUUtilization    = { statistic = "Average", is = "above", threshold = 80, minutes = 5 } # why: auto scaling has reached its limit
        MemoryUtilization = { statistic = "Average", is = "above", threshold = 90, minutes = 5 } # why: at 100 % tasks are killed
      }
    }

    # notes cloudwatch-metrics.container-insights, cloudwatch-metrics.ecs-running-task-count: a metric of Container Insights; it shows when deployments happened
    tasks = {
      namespace  = "ECS/ContainerInsights"
      dimensions = { ClusterName = aws_ecs_cluster.service.name, ServiceName = aws_ecs_service.service.name }
      metrics = {
        RunningTaskCount = { statistic = "Minimum", is = "below", threshold = 1, minutes = 3 } # why: without any the site is down
      }
    }
  }
}
