resource "aws_ecs_cluster" "this" {
  name = var.name # departs: ecs-fargate.resource-names the kind is clear from the context

  setting {
    name  = "containerInsights"
    value = "enabled" # departs: cloudwatch-metrics.container-insights-account-setting without it there are no metrics for tasks and containers
  }

  # Session input is logged: CloudTrail only records that there was a session.
  dynamic "configuration" {
    for_each = var.execute_command ? [1] : []

    content {
      execute_command_configuration {
        # checkov:skip=CKV_AWS_224:the channel is encrypted with TLS; a customer-managed key would only cost money
        logging = "OVERRIDE"

        log_configuration {
          cloud_watch_log_group_name = aws_cloudwatch_log_group.sessions[0].name
        }
      }
    }
  }
}

# Spare capacity is cheap, but reclaimed with two minutes' notice.
resource "aws_ecs_cluster_capacity_providers" "this" {
  count = var.spot ? 1 : 0

  cluster_name       = aws_ecs_cluster.this.name
  capacity_providers = ["FARGATE", "FARGATE_SPOT"]
}

resource "aws_ecs_service" "this" {
  name            = var.name
  cluster         = aws_ecs_cluster.this.arn
  task_definition = aws_ecs_task_definition.this.arn

  launch_type           = var.spot ? null : "FARGATE"                                             # notes: ecs-fargate.launch-type, ecs-eks.ecs-data-plane Fargate or EC2
  platform_version      = "LATEST"                                                                # why: the newest; 1.4.0 today
  desired_count         = var.image_tag == "" ? 0 : var.scaling.desired                           # why: without an image there is nothing to start
  force_new_deployment  = var.spot ? true : null                                                  # why: a new share of spare capacity needs new tasks
  wait_for_steady_state = var.external_deployment || var.deployment == "codedeploy" ? null : true # why: apply finishes when the new version is running, or has failed

  enable_execute_command            = var.execute_command           # notes: ecs-fargate.exec-enable-on-service required by ECS Exec
  health_check_grace_period_seconds = var.health_check_grace_period # notes: ecs-fargate.grace-period-covers-registration-and-start time to register, be checked and start
  availability_zone_rebalancing     = "ENABLED"                     # why: after the loss of a zone tasks are rebalanced
  enable_ecs_managed_tags           = true
  propagate_tags                    = "SERVICE" # why: the cost of the tasks appears under the service's tags

  deployment_minimum_healthy_percent = 100 # departs: ecs-fargate.minimum-healthy-percent deployments cost no capacity
  deployment_maximum_percent         = 200 # notes: ecs-fargate.maximum-percent at most as many new tasks as old ones

  dynamic "capacity_provider_strategy" {
    for_each = var.spot ? { FARGATE = 100 - var.spot_share, FARGATE_SPOT = var.spot_share } : {}

    content {
      capacity_provider = capacity_provider_strategy.key
      weight            = capacity_provider_strategy.value
      base              = capacity_provider_strategy.key == "FARGATE" ? 1 : 0 # why: one task always runs on regular capacity
    }
  }

  network_configuration {
    subnets          = var.subnet_ids # notes: ecs-fargate.tasks-in-private-subnet private subnets, not public ones
    security_groups  = [var.security_group_id]
    assign_public_ip = false
  }

  load_balancer {
    container_name   = "app"
    container_port   = var.container_port
    target_group_arn = var.target_group_arn

    # bpgen:if var.aws_provider == "6"
    dynamic "advanced_configuration" {
      for_each = var.deployment == "blue-green" ? [1] : []

      content {
        alternate_target_group_arn = var.alternate_target_group_arn
        production_listener_rule   = var.production_listener_rule_arn
        test_listener_rule         = var.test_listener_rule_arn
        role_arn                   = aws_iam_role.infrastructure[0].arn
      }
    }
  }

  # bpgen:if var.aws_provider == "6"
  dynamic "deployment_configuration" {
    for_each = var.deployment == "blue-green" ? [1] : []

    content {
      strategy             = "BLUE_GREEN"
      bake_time_in_minutes = 10 # why: time to switch back to blue immediately, before ECS stops it
    }
  }

  dynamic "deployment_controller" {
    for_each = var.deployment == "codedeploy" ? [1] : []

    content {
      type = "CODE_DEPLOY" # notes: ecs-fargate.deploy-blue-green-codedeploy CodeDeploy does blue/green
    }
  }

  dynamic "deployment_circuit_breaker" {
    for_each = var.deployment == "rolling" ? [1] : []

    content {
      enable   = true
      rollback = true # why: a version that does not start is rolled back automatically
    }
  }

  # A version that starts but misbehaves is rolled back as well.
  # bpgen:if var.deployment != "codedeploy"
  dynamic "alarms" {
    for_each = length(coalesce(var.deployment_alarms, var.own_alarms)) > 0 ? [1] : []

    content {
      alarm_names = coalesce(var.deployment_alarms, var.own_alarms)
      enable      = true
      rollback    = true
    }
  }

  dynamic "service_connect_configuration" {
    for_each = var.service_connect ? [1] : []

    content {
      enabled   = true
      namespace = aws_service_discovery_http_namespace.this[0].arn # notes: ecs-fargate.service-discovery services find each other by name
    }
  }

  # bpgen:if var.deployment == "blue-green"
  timeouts {
    create = "60m"
    update = "60m" # why: starting, baking and draining together take longer than the default twenty minutes
  }

  lifecycle {
    ignore_changes = [
      # bpgen:if var.autoscaling
      desired_count, # why: auto scaling changes it
      # bpgen:if var.external_deployment || var.deployment == "codedeploy"
      task_definition, # notes: codedeploy.imagedefinitions-json a deployment creates a new revision
      # bpgen:if var.deployment == "codedeploy"
      load_balancer, # notes: codedeploy.ecs-blue-green-flow CodeDeploy switches between two target groups
    ]

    # ECS rolls back to the previous version by itself and becomes stable again.
    # bpgen:if !var.external_deployment && var.deployment != "codedeploy"
    postcondition {
      condition     = self.task_definition == aws_ecs_task_definition.this.arn
      error_message = "The new version was rolled back: ${self.task_definition} is running. See runbooks/service-deploy-and-roll-back.md for the cause."
    }
  }

  # What a task needs to start is created first and destroyed last: permissions,
  # outbound access, data stores. Otherwise the first tasks fail and the last ones cannot drain.
  depends_on = [
    aws_iam_role_policy.execution,
    aws_iam_role_policy.database,
    aws_ecs_cluster_capacity_providers.this,
    aws_iam_role_policy_attachment.infrastructure,
    aws_vpc_security_group_egress_rule.load_balancer,
    aws_vpc_security_group_egress_rule.endpoints,
    aws_vpc_security_group_egress_rule.s3,
    aws_vpc_security_group_egress_rule.dynamodb,
    aws_vpc_security_group_egress_rule.internet,
    aws_vpc_security_group_ingress_rule.endpoints,
    aws_vpc_security_group_ingress_rule.load_balancer,
    var.prerequisites,
  ]
}

resource "aws_ecs_task_definition" "this" {
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc" # notes: ecs-fargate.network-mode-awsvpc, ecs-fargate.network-mode each task has its own network interface
  cpu                      = var.size.cpu
  memory                   = var.size.memory
  execution_role_arn       = var.execution_role_arn # why: to start tasks
  task_role_arn            = var.task_role_arn      # why: what the application may do

  skip_destroy = true # why: a revision in use must stay; the previous one is needed for a rollback

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.architecture
  }

  dynamic "ephemeral_storage" {
    for_each = var.ephemeral_storage[*]

    content {
      size_in_gib = ephemeral_storage.value
    }
  }

  dynamic "volume" {
    for_each = var.files ? ["files"] : []

    content {
      name = volume.value

      efs_volume_configuration {
        file_system_id     = var.file_system_id
        transit_encryption = "ENABLED"

        authorization_config {
          access_point_id = var.file_access_point_id
          iam             = "ENABLED" # why: as the task role, which the file system's policy names
        }
      }
    }
  }

  # A host name and DNS servers cannot be set on Fargate.
  container_definitions = jsonencode([
    {
      name                   = "app"
      image                  = "${var.repository_url}:${var.image_tag == "" ? "none" : var.image_tag}"
      essential              = true                                                                                      # notes: ecs-fargate.container-essential without it the task stops
      cpu                    = floor(var.size.cpu * (var.sidecars == "none" ? 0.75 : 0.5))                               # notes: ecs-fargate.task-cpu-headroom the task has more than its containers need
      memoryReservation      = floor(var.size.memory * (var.sidecars == "none" ? 0.75 : 0.5))                            # notes: ecs-fargate.container-memory, ecs-fargate.task-memory-headroom a soft limit; the task has more than its containers need
      stopTimeout            = 60                                                                                        # why: current requests are answered before the task is killed
      user                   = var.user                                                                                  # why: null is the image's user
      readonlyRootFilesystem = var.readonly_root                                                                         # why: an attacker cannot change the program
      linuxParameters        = { initProcessEnabled = true, tmpfs = local.writable }                                     # why: the init process reaps zombies and passes signals on
      ulimits                = [{ name = "nofile", softLimit = 65535, hardLimit = 65535 }]                               # why: every connection is an open file
      portMappings           = [{ containerPort = var.container_port, hostPort = var.container_port, protocol = "tcp" }] # why: both ports must be the same in awsvpc mode
      environment            = [for key, value in merge(var.linked_environment, var.environment) : { name = key, value = value } if !contains(keys(var.secrets), key)]

      # notes: ecs-fargate.container-secrets-from-parameter-store, ssm-parameter-store.injected-as-environment-variable decrypted, and passed as environment variables
      secrets = concat(
        [for key, parameter in var.linked_secrets : { name = key, valueFrom = parameter }],
        [for key, arn in var.secrets : { name = key, valueFrom = coalesce(arn, "/${var.name}/${key}") }],
      ) # notes: ssm-parameter-store.name-format /<system>/<variable>

      # bpgen:if var.files
      mountPoints = [{ sourceVolume = "files", containerPath = var.files_path, readOnly = false }]

      # The command runs inside the container, so its tools must be in the image.
      healthCheck = var.health_check_command == null ? null : {
        command     = ["CMD-SHELL", var.health_check_command] # notes: ecs-fargate.container-health-check-command curl, or another command of the image
        interval    = 30
        retries     = 3 # why: failures in a row
        timeout     = 5
        startPeriod = 60
      }

      logConfiguration = {
        logDriver = local.firelens ? "awsfirelens" : "awslogs" # notes: ecs-fargate.log-driver, ecs-fargate.awslogs-sends-stdout-stderr collects stdout and stderr
        options = local.firelens ? tomap({
          Name              = "cloudwatch_logs" # why: another output goes here, such as kinesis_firehose or s3
          region            = data.aws_region.current.id
          log_group_name    = aws_cloudwatch_log_group.this.name
          log_stream_prefix = "ecs/"
          auto_create_group = "false"
          }) : tomap({ for option, value in {
            awslogs-group           = aws_cloudwatch_log_group.this.name # why: created here, not by the agent
            awslogs-region          = data.aws_region.current.id
            awslogs-stream-prefix   = "ecs"                   # notes: ecs-fargate.awslogs-stream-name-format ecs/app/<task id>
            awslogs-datetime-format = var.log_datetime_format # why: null makes every line an event
        } : option => value if value != null })
      }
    },
    # bpgen:if contains(["firelens", "both"], var.sidecars)
    {
      name                  = "log-router"
      image                 = var.log_router_image
      essential             = true # why: without it the logs of the application are lost
      user                  = "0"  # why: reads the socket that the agent creates for it
      memoryReservation     = 64
      firelensConfiguration = { type = "fluentbit", options = { "enable-ecs-log-metadata" = "true" } } # notes: ecs-fargate.firelens-integration on, with this container as the router
      logConfiguration      = local.sidecar_logs
    },
    # bpgen:if contains(["datadog", "both"], var.sidecars)
    {
      name              = "datadog-agent"
      image             = var.datadog_agent_image
      essential         = false # notes: ecs-fargate.container-essential without it the other containers keep running
      memoryReservation = 128
      environment       = [{ name = "ECS_FARGATE", value = "true" }, { name = "DD_SITE", value = var.datadog_site }]
      secrets           = [{ name = "DD_API_KEY", valueFrom = "/${var.name}/DD_API_KEY" }]
      logConfiguration  = local.sidecar_logs
    },
  ])
}

locals {
  # In memory and writable by every user of the container; a volume would belong to root.
  writable = [for path, size in var.execute_command ? merge(var.writable_paths, local.agent_paths) : var.writable_paths : {
    containerPath = path, size = size, mountOptions = ["mode=1777"]
  }]

  # Directories that the ECS Exec agent writes to: undocumented, but without them it stops.
  agent_paths = { "/managed-agents" = 16, "/var/lib/amazon/ssm" = 64, "/var/log/amazon/ssm" = 16 }

  firelens = contains(["firelens", "both"], var.sidecars)

  sidecar_logs = {
    logDriver = "awslogs"
    options = {
      awslogs-group         = aws_cloudwatch_log_group.this.name
      awslogs-region        = data.aws_region.current.id
      awslogs-stream-prefix = "ecs"
    }
  }
}

# trivy:ignore:AWS-0017 CloudWatch Logs encrypts by default; a customer-managed key would only cost money
resource "aws_cloudwatch_log_group" "this" {
  # checkov:skip=CKV_AWS_158:CloudWatch Logs encrypts by default; a customer-managed key would only cost money
  name              = "/ecs/${var.name}"
  retention_in_days = var.log_retention_days
}

# trivy:ignore:AWS-0017 CloudWatch Logs encrypts by default; a customer-managed key would only cost money
resource "aws_cloudwatch_log_group" "sessions" {
  count = var.execute_command ? 1 : 0

  # checkov:skip=CKV_AWS_158:CloudWatch Logs encrypts by default; a customer-managed key would only cost money
  name              = "/ecs/${var.name}/sessions"
  retention_in_days = var.log_retention_days
}

# The names that services of this system call each other by.
resource "aws_service_discovery_http_namespace" "this" {
  count = var.service_connect ? 1 : 0

  name        = var.name
  description = "Services of ${var.name}"
}

resource "aws_appautoscaling_target" "this" {
  count = var.autoscaling ? 1 : 0

  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount" # notes: auto-scaling.target-tracking-ecs-tasks the number of tasks
  resource_id        = "service/${aws_ecs_cluster.this.name}/${aws_ecs_service.this.name}"
  min_capacity       = var.image_tag == "" ? 0 : var.scaling.min # notes: auto-scaling.group-sizes the minimum
  max_capacity       = var.scaling.max                           # notes: auto-scaling.group-sizes the maximum
}

resource "aws_appautoscaling_policy" "this" {
  # notes: ecs-fargate.target-tracking-metric, auto-scaling.target-tracking-metric average CPU, average memory, requests per task
  for_each = { for metric, target in var.autoscaling ? {
    ECSServiceAverageCPUUtilization    = var.scaling_policy.cpu
    ECSServiceAverageMemoryUtilization = var.scaling_policy.memory
    # bpgen:if var.deployment == "rolling"
    ALBRequestCountPerTarget = var.scaling_policy.requests
  } : {} : metric => target if target != null }

  name               = each.key
  policy_type        = "TargetTrackingScaling" # notes: auto-scaling.policy-type, auto-scaling.metric-threshold-horizontal scales out and in towards a target value
  service_namespace  = aws_appautoscaling_target.this[0].service_namespace
  scalable_dimension = aws_appautoscaling_target.this[0].scalable_dimension
  resource_id        = aws_appautoscaling_target.this[0].resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = each.value # notes: ecs-fargate.scale-in-at-90-percent-of-target scales in below 90 % of it
    scale_out_cooldown = var.scaling_policy.scale_out_cooldown
    scale_in_cooldown  = var.scaling_policy.scale_in_cooldown

    predefined_metric_specification {
      predefined_metric_type = each.key
      # bpgen:if var.deployment == "rolling"
      resource_label = each.key == "ALBRequestCountPerTarget" ? var.request_metric_label : null
    }
  }
}

# Different limits at certain times, such as fewer tasks at night.
resource "aws_appautoscaling_scheduled_action" "this" {
  for_each = { for name, action in var.scheduled_scaling : name => action if var.autoscaling && var.image_tag != "" }

  name               = each.key
  service_namespace  = aws_appautoscaling_target.this[0].service_namespace
  scalable_dimension = aws_appautoscaling_target.this[0].scalable_dimension
  resource_id        = aws_appautoscaling_target.this[0].resource_id
  schedule           = each.value.schedule
  timezone           = each.value.time_zone

  scalable_target_action {
    min_capacity = each.value.min
    max_capacity = each.value.max
  }
}

# An apply without an image succeeds, but nothing runs.
check "image" {
  assert {
    condition     = var.image_tag != ""
    error_message = "There is no image yet, so no task runs. Push one and set image_tag: runbooks/service-first-apply.md."
  }
}

resource "aws_iam_role_policy" "execution" {
  name = "read-parameters"
  role = var.execution_role_name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = concat([{
      Effect   = "Allow"
      Action   = "ssm:GetParameters" # notes: iam.ssm-get-parameters-inline-policy, ecs-fargate.task-role-ssm-policy only those of this system
      Resource = "arn:${data.aws_partition.current.partition}:ssm:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:parameter/${var.name}/*"
      }], [for arn in values(var.secrets) : {
      Effect   = "Allow"
      Action   = strcontains(arn, ":secretsmanager:") ? "secretsmanager:GetSecretValue" : "ssm:GetParameters"
      Resource = regex("^(?:[^:]+:){5}(?:secret:[^:]+|parameter/.+)", arn) # why: a suffix of a secret selects a key in it
    } if arn != null])
  })
}

resource "aws_iam_role_policy" "database" {
  count = var.database_login ? 1 : 0

  name = "log-in-to-database"
  role = var.task_role_name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "rds-db:connect" # why: with a token valid for 15 minutes, as this user only
      Resource = "arn:${data.aws_partition.current.partition}:rds-db:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:dbuser:${var.database_resource_id}/${var.database_user}"
    }]
  })
}

resource "aws_iam_role_policy" "exec" {
  count = var.execute_command ? 1 : 0

  # checkov:skip=CKV_AWS_355:these actions do not support resource-level permissions
  name = "execute-command"
  role = var.task_role_name # departs: ecs-fargate.exec-policy-on-task-execution-role the agent runs inside the container, with the task role

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = [ # notes: ecs-fargate.exec-ssmmessages-policy the channels of Session Manager
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
        Resource = "${aws_cloudwatch_log_group.sessions[0].arn}:*"
      },
    ]
  })
}

resource "aws_iam_role_policy" "firelens" {
  count = local.firelens ? 1 : 0

  name = "write-logs"
  role = var.task_role_name # why: the log router runs in the task, with the task role

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"]
      Resource = "${aws_cloudwatch_log_group.this.arn}:*" # notes: ecs-fargate.task-role-logs-policy to write logs, to this group only
    }]
  })
}

resource "aws_iam_role_policy" "datadog" {
  count = contains(["datadog", "both"], var.sidecars) ? 1 : 0

  # checkov:skip=CKV_AWS_355:listing clusters does not support resource-level permissions
  name = "read-cluster"
  role = var.task_role_name # why: the agent runs in the task, with the task role

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["ecs:ListClusters", "ecs:ListContainerInstances", "ecs:DescribeContainerInstances"] # notes: ecs-fargate.datadog-agent-policy what the agent reads
      Resource = "*"
    }]
  })
}

# For ECS, which switches the load balancer from blue to green.
resource "aws_iam_role" "infrastructure" {
  count = var.deployment == "blue-green" ? 1 : 0

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

resource "aws_iam_role_policy_attachment" "infrastructure" {
  count = var.deployment == "blue-green" ? 1 : 0

  role       = aws_iam_role.infrastructure[0].name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers"
}

# departs: alb.target-sg-allows-vpc-range only the load balancer, not the whole range of the VPC
resource "aws_vpc_security_group_ingress_rule" "load_balancer" {
  # checkov:skip=CKV_AWS_260:the check does not support rules that allow a group instead of addresses
  security_group_id            = var.security_group_id
  description                  = "HTTP from the load balancer"
  referenced_security_group_id = var.load_balancer_security_group_id # notes: security-group.app-ec2-http, security-group.app-ec2-source, security-group.source-security-group-id the load balancer's group
  ip_protocol                  = "tcp"
  from_port                    = var.container_port
  to_port                      = var.container_port
}

resource "aws_vpc_security_group_egress_rule" "load_balancer" {
  security_group_id            = var.load_balancer_security_group_id
  description                  = "HTTP to the tasks"
  referenced_security_group_id = var.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = var.container_port
  to_port                      = var.container_port
}

# One endpoint for each AWS service that tasks call.
# notes: vpc-endpoint.fargate-in-private-subnet, ecs-fargate.vpc-endpoint-set private tasks reach nothing else
# notes: ecs-fargate.vpc-endpoint-ecr-api, ecs-fargate.vpc-endpoint-ecr-dkr images
# notes: ecs-fargate.vpc-endpoint-logs, ecs-fargate.vpc-endpoint-ssm logs and parameters
resource "aws_vpc_security_group_egress_rule" "endpoints" {
  count = contains(["vpc-endpoints", "both"], var.outbound) ? 1 : 0

  security_group_id            = var.security_group_id
  description                  = "HTTPS to the VPC endpoints"
  referenced_security_group_id = var.endpoint_security_group_id # notes: ecs-fargate.outbound-prefer-vpc-endpoint endpoints rather than NAT
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

# The group belongs to the network's owner, the rule to this module.
resource "aws_vpc_security_group_ingress_rule" "endpoints" {
  count = var.given_network && contains(["vpc-endpoints", "both"], var.outbound) ? 1 : 0

  security_group_id            = var.endpoint_security_group_id
  description                  = "HTTPS from the tasks of ${var.name}"
  referenced_security_group_id = var.security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

resource "aws_vpc_security_group_egress_rule" "s3" {
  count = contains(["vpc-endpoints", "both"], var.outbound) ? 1 : 0

  security_group_id = var.security_group_id
  description       = "HTTPS to S3, where ECR keeps the image layers"
  prefix_list_id    = var.s3_prefix_list_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "dynamodb" {
  count = contains(["vpc-endpoints", "both"], var.outbound) ? length(var.dynamodb_prefix_list_ids) : 0

  security_group_id = var.security_group_id
  description       = "HTTPS to DynamoDB"
  prefix_list_id    = var.dynamodb_prefix_list_ids[count.index]
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

# trivy:ignore:AWS-0104 only TCP 443 is allowed, because the addresses of the services change
resource "aws_vpc_security_group_egress_rule" "internet" {
  count = contains(["nat-gateway", "both"], var.outbound) ? 1 : 0

  security_group_id = var.security_group_id
  description       = "HTTPS to the internet through the NAT gateway"
  cidr_ipv4         = "0.0.0.0/0" # departs: security-group.egress-all the addresses of services change; only HTTPS is allowed
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}
