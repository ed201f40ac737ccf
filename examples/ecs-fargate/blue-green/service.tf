resource "aws_ecs_cluster" "service" {
  name = var.name

  setting {
    name  = "containerInsights"
    value = "enabled" # why: without it there are no metrics of tasks and containers
  }

  # What is typed in a session is kept: CloudTrail tells only that there was one.
  # notes 14-03: the event ExecuteCommand
  configuration {
    execute_command_configuration {
      # checkov:skip=CKV_AWS_224:the channel is encrypted by TLS; a key of our own would only cost
      logging = "OVERRIDE"

      log_configuration {
        cloud_watch_log_group_name = aws_cloudwatch_log_group.service_sessions.name
      }
    }
  }
}

resource "aws_ecs_service" "service" {
  name            = var.name
  cluster         = aws_ecs_cluster.service.arn         # notes 14-03: ECS works with its own linked role
  task_definition = aws_ecs_task_definition.service.arn # notes 14-03: family and revision

  launch_type      = "FARGATE" # notes 14-03, 14: no servers to look after
  platform_version = "LATEST"  # notes 14-03: means 1.4.0
  desired_count    = var.service_scaling.desired

  enable_execute_command            = true      # notes 14-03: opens a shell in a container
  health_check_grace_period_seconds = 600       # notes 14-03: time to register and start
  availability_zone_rebalancing     = "ENABLED" # why: after the loss of a zone tasks spread again
  enable_ecs_managed_tags           = true
  propagate_tags                    = "SERVICE" # why: the cost of the tasks shows under the tags of the service

  deployment_minimum_healthy_percent = 100 # notes 14-03: not 50: a deployment costs no capacity
  deployment_maximum_percent         = 200 # notes 14-03: new tasks start beside all the old ones

  network_configuration {
    subnets          = aws_subnet.network_app[*].id # notes 14-03: no way in but the load balancer
    security_groups  = [aws_security_group.service.id]
    assign_public_ip = false
  }

  load_balancer {
    container_name   = "app" # notes 14-03: the one that users reach
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
    bake_time_in_minutes = 10 # why: time to go back to blue at once, before ECS stops it
  }

  # A version that starts but misbehaves goes away as well.
  dynamic "alarms" {
    for_each = length(var.deployment_alarms) > 0 ? [var.deployment_alarms] : []

    content {
      alarm_names = alarms.value
      enable      = true
      rollback    = true
    }
  }

  lifecycle {
    ignore_changes = [
      desired_count,   # notes 14-03: auto scaling moves it
      task_definition, # notes 10-03: a deployment brings new revisions
    ]
  }

  # The permissions come first and go last, or tasks fail to start and the service fails to drain.
  depends_on = [
    aws_iam_role_policy.service_execution,
    aws_iam_role_policy_attachment.service_execution,
    aws_iam_role_policy_attachment.service_infrastructure,
  ]
}

resource "aws_ecs_task_definition" "service" {
  family                   = var.name # notes 14-03: its revisions are numbered
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc" # notes 14-03: the only mode on Fargate
  cpu                      = var.service_size.cpu
  memory                   = var.service_size.memory
  execution_role_arn       = aws_iam_role.service_execution.arn # notes 14-03: to start tasks
  task_role_arn            = aws_iam_role.service_task.arn      # notes 14-03: what the application may do

  # A host name and DNS servers cannot be set on Fargate.
  # notes 14-03: both left out
  container_definitions = jsonencode([
    {
      name                   = "app"
      image                  = "${aws_ecr_repository.registry.repository_url}:${var.image_tag}" # notes 14-03: from ECR
      essential              = true                                                             # notes 14-03: without it the task has no use
      cpu                    = floor(var.service_size.cpu * 0.75)                               # notes 14-03: the task has more
      memoryReservation      = floor(var.service_size.memory * 0.75)                            # notes 14-03: no hard limit; the task has more
      stopTimeout            = 60                                                               # why: requests in hand are answered before the task is killed
      readonlyRootFilesystem = false                                                            # why: nothing but the agent of ECS Exec writes to it
      linuxParameters        = { initProcessEnabled = true }                                    # why: reaps zombies and passes signals on
      ulimits                = [{ name = "nofile", softLimit = 65535, hardLimit = 65535 }]      # why: every connection is an open file
      mountPoints            = [{ sourceVolume = "tmp", containerPath = "/tmp" }]
      portMappings           = [{ containerPort = var.container_port, hostPort = var.container_port, protocol = "tcp" }] # notes 14-03: both the same in awsvpc mode
      environment            = [for key, value in var.service_environment : { name = key, value = value }]

      # notes 14-03, 28: decrypted at the start
      secrets = [for key in concat(["DB_HOST", "REDIS_HOST"], var.service_secrets) : { name = key, valueFrom = "/${var.name}/${key}" }] # notes 28: /<system>/<variable>

      # The command runs inside the container: what it calls must be in the image.
      healthCheck = (var.service_health_check_command == null ? null : {
        command     = ["CMD-SHELL", var.service_health_check_command] # notes 14-03: such as curl
        interval    = 30                                              # notes 14-03: seconds from check to check
        retries     = 3                                               # notes 14-03: failures in a row, not successes
        timeout     = 5
        startPeriod = 60
      })

      logConfiguration = {
        logDriver = "awslogs"                                             # notes 14-03: takes stdout and stderr
        options = tomap({                                                 # notes 14-03: those of the driver
          awslogs-group           = aws_cloudwatch_log_group.service.name # notes 14-03: made here, not by the agent
          awslogs-region          = data.aws_region.current.id            # notes 14-03: that of the task
          awslogs-stream-prefix   = "ecs"                                 # notes 14-03: ecs/app/<task id>
          awslogs-datetime-format = "\\[%Y-%m-%d %H:%M:%S\\]"             # notes 14-03: a stack trace is one event; drop it for JSON logs
        })
      }
    },
  ])

  volume {
    name = "tmp"
  }
}

# trivy:ignore:AWS-0017 CloudWatch Logs encrypts by itself; a key of our own would only cost
resource "aws_cloudwatch_log_group" "service" {
  # checkov:skip=CKV_AWS_158:CloudWatch Logs encrypts by itself; a key of our own would only cost
  name              = "/ecs/${var.name}"
  retention_in_days = var.log_retention_days
}

# trivy:ignore:AWS-0017 CloudWatch Logs encrypts by itself; a key of our own would only cost
resource "aws_cloudwatch_log_group" "service_sessions" {
  # checkov:skip=CKV_AWS_158:CloudWatch Logs encrypts by itself; a key of our own would only cost
  name              = "/ecs/${var.name}/sessions"
  retention_in_days = var.log_retention_days
}

resource "aws_appautoscaling_target" "service" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount" # notes 04: the number of tasks
  resource_id        = "service/${aws_ecs_cluster.service.name}/${aws_ecs_service.service.name}"
  min_capacity       = var.service_scaling.min # notes 14-03, 04: never fewer
  max_capacity       = var.service_scaling.max # notes 14-03, 04: never more
}

resource "aws_appautoscaling_policy" "service" {
  # notes 14-03, 04: each target that is not null
  for_each = { for metric, target in {
    ECSServiceAverageCPUUtilization    = var.service_scaling_policy.cpu
    ECSServiceAverageMemoryUtilization = var.service_scaling_policy.memory
  } : metric => target if target != null }

  name               = each.key
  policy_type        = "TargetTrackingScaling" # notes 04: out and in around one value
  service_namespace  = aws_appautoscaling_target.service.service_namespace
  scalable_dimension = aws_appautoscaling_target.service.scalable_dimension
  resource_id        = aws_appautoscaling_target.service.resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = each.value # notes 14-03: in below 90 % of it
    scale_out_cooldown = var.service_scaling_policy.scale_out_cooldown
    scale_in_cooldown  = var.service_scaling_policy.scale_in_cooldown

    predefined_metric_specification {
      predefined_metric_type = each.key
    }
  }
}

locals {
  service_trust = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" } # notes 19: nobody else takes on these roles
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } } # why: not even tasks of another account
    }]
  })
}

# For the agent that starts the containers: pulls the image, reads the secrets, writes the logs.
resource "aws_iam_role" "service_execution" {
  name               = "${var.name}-execution"
  assume_role_policy = local.service_trust
}

resource "aws_iam_role_policy_attachment" "service_execution" {
  role       = aws_iam_role.service_execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy" # notes 14-03: pulls images and writes logs
}

resource "aws_iam_role_policy" "service_execution" {
  name = "read-parameters"
  role = aws_iam_role.service_execution.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "ssm:GetParameters" # notes 19, 14-03: those of this system alone
      Resource = "arn:aws:ssm:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:parameter/${var.name}/*"
    }]
  })
}

# For the application itself: what it may do in AWS is attached here.
# notes 14-03: a role apart from the agent's
resource "aws_iam_role" "service_task" {
  name               = "${var.name}-task"
  assume_role_policy = local.service_trust
}

resource "aws_iam_role_policy" "service_exec" {
  # checkov:skip=CKV_AWS_355:these actions know no resources
  name = "execute-command"
  role = aws_iam_role.service_task.name # why: the agent runs inside the container, with the role of the task

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = [ # notes 14-03: the channels of Session Manager
          "ssmmessages:CreateControlChannel",
          "ssmmessages:CreateDataChannel",
          "ssmmessages:OpenControlChannel",
          "ssmmessages:OpenDataChannel",
        ]
        Resource = "*"
      },
      {
        Effect   = "Allow"
        Action   = "logs:DescribeLogGroups" # why: the agent looks for the group of the sessions
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

# For ECS, which moves the load balancer from blue to green.
resource "aws_iam_role" "service_infrastructure" {
  name = "${var.name}-infrastructure"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "service_infrastructure" {
  role       = aws_iam_role.service_infrastructure.name
  policy_arn = "arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers"
}

resource "aws_security_group" "service" {
  name        = "${var.name}-service"
  description = "Tasks of ${var.name}"
  vpc_id      = aws_vpc.network.id
}

resource "aws_vpc_security_group_ingress_rule" "service_load_balancer" {
  # checkov:skip=CKV_AWS_260:the check does not know rules that admit a group, not addresses
  security_group_id            = aws_security_group.service.id
  description                  = "HTTP from the load balancer"
  referenced_security_group_id = aws_security_group.load_balancer.id # notes 26: nobody but the load balancer
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

resource "aws_vpc_security_group_egress_rule" "service_endpoints" {
  security_group_id            = aws_security_group.service.id
  description                  = "HTTPS to the VPC endpoints"
  referenced_security_group_id = aws_security_group.network_endpoints.id # notes 14-03: preferred to NAT
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

# trivy:ignore:AWS-0104 only TCP 443 goes out, to services whose addresses change
resource "aws_vpc_security_group_egress_rule" "service_internet" {
  security_group_id = aws_security_group.service.id
  description       = "HTTPS to the internet through the NAT gateway"
  cidr_ipv4         = "0.0.0.0/0" # notes 26: any address, but HTTPS alone
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
