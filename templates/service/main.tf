resource "aws_ecs_cluster" "this" {
  name = var.name

  setting {
    name  = "containerInsights"
    value = "enabled" # why: without it there are no metrics of tasks and containers
  }
}

resource "aws_ecs_service" "this" {
  name            = var.name
  cluster         = aws_ecs_cluster.this.arn
  task_definition = aws_ecs_task_definition.this.arn

  launch_type      = "FARGATE"
  platform_version = "LATEST" # notes: ecs-fargate.run-task-platform-version means 1.4.0
  desired_count    = var.scaling.desired

  enable_execute_command            = var.execute_command           # notes: ecs-fargate.exec-enable-on-service opens a shell in a container
  health_check_grace_period_seconds = var.health_check_grace_period # notes: ecs-fargate.grace-period-alb-nuxt-ssr, ecs-fargate.grace-period-covers-registration-and-start time to register and start
  availability_zone_rebalancing     = "ENABLED"                     # why: after the loss of a zone tasks spread again
  enable_ecs_managed_tags           = true
  propagate_tags                    = "SERVICE" # why: the cost of the tasks shows under the tags of the service

  deployment_minimum_healthy_percent = 100 # why: a deployment never costs capacity
  deployment_maximum_percent         = 200 # notes: ecs-fargate.maximum-percent new tasks start beside all the old ones

  network_configuration {
    subnets          = var.subnet_ids # notes: ecs-fargate.tasks-in-private-subnet no way in but the load balancer
    security_groups  = [aws_security_group.this.id]
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
      bake_time_in_minutes = 10 # why: time to go back to blue at once, before ECS stops it
    }
  }

  dynamic "deployment_circuit_breaker" {
    for_each = var.deployment == "rolling" ? [1] : []

    content {
      enable   = true
      rollback = true # why: a version that does not start goes away by itself
    }
  }

  # bpgen:if var.autoscaling || var.external_deployment
  lifecycle {
    ignore_changes = [
      # bpgen:if var.autoscaling
      desired_count, # notes: ecs-fargate.desired-count auto scaling moves it
      # bpgen:if var.external_deployment
      task_definition, # notes: codedeploy.imagedefinitions-json the pipeline makes new revisions
    ]
  }

  # The permissions come first and go last, or tasks fail to start and the service fails to drain.
  depends_on = [
    aws_iam_role_policy.execution,
    aws_iam_role_policy_attachment.execution,
    aws_iam_role_policy_attachment.infrastructure,
  ]
}

resource "aws_ecs_task_definition" "this" {
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc" # notes: ecs-fargate.network-mode-awsvpc the only mode on Fargate
  cpu                      = var.size.cpu
  memory                   = var.size.memory
  execution_role_arn       = aws_iam_role.execution.arn # notes: ecs-fargate.task-execution-role-distinct-from-task-role to start tasks
  task_role_arn            = aws_iam_role.task.arn      # notes: ecs-fargate.app-permissions-on-task-role what the application may do

  container_definitions = jsonencode([{
    name                   = "app"
    image                  = "${var.repository_url}:${var.image_tag}"
    essential              = true
    readonlyRootFilesystem = !var.execute_command # why: nothing but the agent of ECS Exec writes to it
    linuxParameters        = { initProcessEnabled = true }
    mountPoints            = [{ sourceVolume = "tmp", containerPath = "/tmp" }]
    portMappings           = [{ containerPort = var.container_port, hostPort = var.container_port, protocol = "tcp" }]
    environment            = [for key, value in var.environment : { name = key, value = value }]

    # notes: ecs-fargate.container-secrets-from-parameter-store, ssm-parameter-store.name-format read from Parameter Store at start
    secrets = [for key in concat(var.linked_secrets, var.secrets) : { name = key, valueFrom = "/${var.name}/${key}" }]

    logConfiguration = {
      logDriver = "awslogs" # notes: ecs-fargate.awslogs-sends-stdout-stderr stdout and stderr, without an agent
      options = {
        awslogs-group           = aws_cloudwatch_log_group.this.name
        awslogs-region          = data.aws_region.current.id
        awslogs-stream-prefix   = "ecs"
        awslogs-datetime-format = "\\[%Y-%m-%d %H:%M:%S\\]" # notes: codedeploy.taskdef-log-datetime-format a stack trace is one event; drop it for JSON logs
      }
    }
  }])

  volume {
    name = "tmp"
  }
}

# trivy:ignore:AWS-0017 CloudWatch Logs encrypts by itself; a key of our own would only cost
resource "aws_cloudwatch_log_group" "this" {
  # checkov:skip=CKV_AWS_158:CloudWatch Logs encrypts by itself; a key of our own would only cost
  name              = "/ecs/${var.name}"
  retention_in_days = var.log_retention_days
}

resource "aws_appautoscaling_target" "this" {
  count = var.autoscaling ? 1 : 0

  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${aws_ecs_cluster.this.name}/${aws_ecs_service.this.name}"
  min_capacity       = var.scaling.min
  max_capacity       = var.scaling.max
}

resource "aws_appautoscaling_policy" "this" {
  # notes: ecs-fargate.autoscaling-example-values 40 % CPU leaves room for a rush
  # why: 70 % memory, since memory does not fall with the load as CPU does
  for_each = var.autoscaling ? { ECSServiceAverageCPUUtilization = 40, ECSServiceAverageMemoryUtilization = 70 } : {}

  name               = each.key
  policy_type        = "TargetTrackingScaling" # notes: ecs-fargate.target-tracking-policy the number of tasks follows a metric
  service_namespace  = aws_appautoscaling_target.this[0].service_namespace
  scalable_dimension = aws_appautoscaling_target.this[0].scalable_dimension
  resource_id        = aws_appautoscaling_target.this[0].resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = each.value
    scale_out_cooldown = 60  # notes: ecs-fargate.scale-out-cooldown-balance about the time a task takes to start
    scale_in_cooldown  = 300 # why: going down slowly does not swing

    predefined_metric_specification {
      predefined_metric_type = each.key
    }
  }
}

locals {
  trust = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" } # notes: iam.ecs-tasks-trust-policy nobody else takes on these roles
      Action    = "sts:AssumeRole"
    }]
  })
}

# For the agent that starts the containers: pulls the image, reads the secrets, writes the logs.
resource "aws_iam_role" "execution" {
  name               = "${var.name}-execution"
  assume_role_policy = local.trust
}

resource "aws_iam_role_policy_attachment" "execution" {
  role       = aws_iam_role.execution.name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy" # notes: ecs-fargate.task-execution-role-managed-policy pulls images and writes logs
}

resource "aws_iam_role_policy" "execution" {
  name = "read-parameters"
  role = aws_iam_role.execution.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = "ssm:GetParameters" # notes: iam.ssm-get-parameters-inline-policy those of this system alone
      Resource = "arn:aws:ssm:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:parameter/${var.name}/*"
    }]
  })
}

# For the application itself: what it may do in AWS is attached here.
resource "aws_iam_role" "task" {
  name               = "${var.name}-task"
  assume_role_policy = local.trust
}

resource "aws_iam_role_policy" "exec" {
  # checkov:skip=CKV_AWS_355:these actions know no resources
  count = var.execute_command ? 1 : 0

  name = "execute-command"
  role = aws_iam_role.task.name # why: the agent runs inside the container, with the role of the task

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = [ # notes: ecs-fargate.exec-ssmmessages-policy the channels of Session Manager
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
resource "aws_iam_role" "infrastructure" {
  count = var.deployment == "blue-green" ? 1 : 0

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

resource "aws_iam_role_policy_attachment" "infrastructure" {
  count = var.deployment == "blue-green" ? 1 : 0

  role       = aws_iam_role.infrastructure[0].name
  policy_arn = "arn:aws:iam::aws:policy/AmazonECSInfrastructureRolePolicyForLoadBalancers"
}

resource "aws_security_group" "this" {
  name        = "${var.name}-service"
  description = "Tasks of ${var.name}"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "load_balancer" {
  # checkov:skip=CKV_AWS_260:the check does not know rules that admit a group, not addresses
  security_group_id            = aws_security_group.this.id
  description                  = "HTTP from the load balancer"
  referenced_security_group_id = var.load_balancer_security_group_id # notes: security-group.app-ec2-http, security-group.app-ec2-source, security-group.source-security-group-id nobody but the load balancer
  ip_protocol                  = "tcp"
  from_port                    = var.container_port
  to_port                      = var.container_port
}

resource "aws_vpc_security_group_egress_rule" "load_balancer" {
  security_group_id            = var.load_balancer_security_group_id
  description                  = "HTTP to the tasks"
  referenced_security_group_id = aws_security_group.this.id
  ip_protocol                  = "tcp"
  from_port                    = var.container_port
  to_port                      = var.container_port
}

resource "aws_vpc_security_group_egress_rule" "endpoints" {
  count = contains(["vpc-endpoints", "both"], var.outbound) ? 1 : 0

  security_group_id            = aws_security_group.this.id
  description                  = "HTTPS to the VPC endpoints"
  referenced_security_group_id = var.endpoint_security_group_id # notes: ecs-fargate.outbound-prefer-vpc-endpoint preferred to NAT
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

resource "aws_vpc_security_group_egress_rule" "s3" {
  count = contains(["vpc-endpoints", "both"], var.outbound) ? 1 : 0

  security_group_id = aws_security_group.this.id
  description       = "HTTPS to S3, where ECR keeps the image layers"
  prefix_list_id    = var.s3_prefix_list_id
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

# trivy:ignore:AWS-0104 external services have no fixed addresses
resource "aws_vpc_security_group_egress_rule" "internet" {
  count = contains(["nat-gateway", "both"], var.outbound) ? 1 : 0

  security_group_id = aws_security_group.this.id
  description       = "HTTPS to the internet through the NAT gateway"
  cidr_ipv4         = "0.0.0.0/0" # notes: security-group.egress-all any address, but HTTPS alone
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

data "aws_caller_identity" "current" {}

data "aws_region" "current" {}
