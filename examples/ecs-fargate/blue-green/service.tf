resource "aws_ecs_cluster" "service" {
  name = var.name

  setting {
    name  = "containerInsights"
    value = "enabled" # why: without it there are no metrics of tasks and containers
  }
}

resource "aws_ecs_service" "service" {
  name            = var.name
  cluster         = aws_ecs_cluster.service.arn
  task_definition = aws_ecs_task_definition.service.arn

  launch_type      = "FARGATE"
  platform_version = "LATEST" # notes 14-03: means 1.4.0
  desired_count    = var.service_scaling.desired

  enable_execute_command            = true      # notes 14-03: opens a shell in a container
  health_check_grace_period_seconds = 600       # notes 14-03: time to register and start
  availability_zone_rebalancing     = "ENABLED" # why: after the loss of a zone tasks spread again
  enable_ecs_managed_tags           = true
  propagate_tags                    = "SERVICE" # why: the cost of the tasks shows under the tags of the service

  deployment_minimum_healthy_percent = 100 # why: a deployment never costs capacity
  deployment_maximum_percent         = 200 # notes 14-03: new tasks start beside all the old ones

  network_configuration {
    subnets          = aws_subnet.network_app[*].id # notes 14-03: no way in but the load balancer
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
    bake_time_in_minutes = 10 # why: time to go back to blue at once, before ECS stops it
  }

  lifecycle {
    ignore_changes = [
      desired_count,   # notes 14-03: auto scaling moves it
      task_definition, # notes 10-03: the pipeline makes new revisions
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
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc" # notes 14-03: the only mode on Fargate
  cpu                      = var.service_size.cpu
  memory                   = var.service_size.memory
  execution_role_arn       = aws_iam_role.service_execution.arn # notes 14-03: to start tasks
  task_role_arn            = aws_iam_role.service_task.arn      # notes 14-03: what the application may do

  container_definitions = jsonencode([{
    name                   = "app"
    image                  = "${aws_ecr_repository.registry.repository_url}:${var.image_tag}"
    essential              = true
    readonlyRootFilesystem = false # why: nothing but the agent of ECS Exec writes to it
    linuxParameters        = { initProcessEnabled = true }
    mountPoints            = [{ sourceVolume = "tmp", containerPath = "/tmp" }]
    portMappings           = [{ containerPort = var.container_port, hostPort = var.container_port, protocol = "tcp" }]
    environment            = [for key, value in var.service_environment : { name = key, value = value }]

    # notes 14-03, 28: read from Parameter Store at start
    secrets = [for key in concat(["DB_HOST", "REDIS_HOST"], var.service_secrets) : { name = key, valueFrom = "/${var.name}/${key}" }]

    logConfiguration = {
      logDriver = "awslogs" # notes 14-03: stdout and stderr, without an agent
      options = {
        awslogs-group           = aws_cloudwatch_log_group.service.name
        awslogs-region          = data.aws_region.current.id
        awslogs-stream-prefix   = "ecs"
        awslogs-datetime-format = "\\[%Y-%m-%d %H:%M:%S\\]" # notes 10-03: a stack trace is one event; drop it for JSON logs
      }
    }
  }])

  volume {
    name = "tmp"
  }
}

resource "aws_cloudwatch_log_group" "service" {
  # checkov:skip=CKV_AWS_158:CloudWatch Logs encrypts by itself; a key of our own would only cost
  name              = "/ecs/${var.name}"
  retention_in_days = var.log_retention_days
}

resource "aws_appautoscaling_target" "service" {
  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${aws_ecs_cluster.service.name}/${aws_ecs_service.service.name}"
  min_capacity       = var.service_scaling.min
  max_capacity       = var.service_scaling.max
}

resource "aws_appautoscaling_policy" "service" {
  # notes 14-03: 40 % CPU leaves room for a rush
  # why: 70 % memory, since memory does not fall with the load as CPU does
  for_each = { ECSServiceAverageCPUUtilization = 40, ECSServiceAverageMemoryUtilization = 70 }

  name               = each.key
  policy_type        = "TargetTrackingScaling" # notes 14-03: the number of tasks follows a metric
  service_namespace  = aws_appautoscaling_target.service.service_namespace
  scalable_dimension = aws_appautoscaling_target.service.scalable_dimension
  resource_id        = aws_appautoscaling_target.service.resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = each.value
    scale_out_cooldown = 60  # notes 14-03: about the time a task takes to start
    scale_in_cooldown  = 300 # why: going down slowly does not swing

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
      Action   = "ssm:GetParameters" # notes 19: those of this system alone
      Resource = "arn:aws:ssm:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:parameter/${var.name}/*"
    }]
  })
}

# For the application itself: what it may do in AWS is attached here.
resource "aws_iam_role" "service_task" {
  name               = "${var.name}-task"
  assume_role_policy = local.service_trust
}

resource "aws_iam_role_policy" "service_exec" {
  name = "execute-command"
  role = aws_iam_role.service_task.name # why: the agent runs inside the container, with the role of the task

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = [ # notes 14-03: the channels of Session Manager
        "ssmmessages:CreateControlChannel",
        "ssmmessages:CreateDataChannel",
        "ssmmessages:OpenControlChannel",
        "ssmmessages:OpenDataChannel",
      ]
      Resource = "*"
    }]
  })
}

# For ECS, which moves the load balancer from blue to green.
resource "aws_iam_role" "service_infrastructure" {
  name = "${var.name}-infrastructure"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "ecs.amazonaws.com" }
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

# trivy:ignore:AWS-0104 external services have no fixed addresses
resource "aws_vpc_security_group_egress_rule" "service_internet" {
  security_group_id = aws_security_group.service.id
  description       = "HTTPS to the internet through the NAT gateway"
  cidr_ipv4         = "0.0.0.0/0" # notes 26: any address, but HTTPS alone
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
