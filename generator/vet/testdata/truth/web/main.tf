# A web service: load balancer, container service, roles, scaling.
terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 6.0"
    }
  }
}

variable "name" {
  type        = string
  default     = "web"
  description = "Prefix of every name."

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]*$", var.name))
    error_message = "The name has lower-case letters, digits and hyphens only."
  }
}

variable "network" {
  type = object({
    vpc_id  = string
    subnets = map(object({ id = string, cidr = string, public = optional(bool, false) }))
  })
  default = {
    vpc_id = "vpc-12345678"
    subnets = {
      a = { id = "subnet-1", cidr = "10.0.0.0/24", public = true }
      b = { id = "subnet-2", cidr = "10.0.1.0/24" }
    }
  }
}

variable "ports" {
  type    = list(number)
  default = [80, 443]
}

variable "replicas" {
  type    = number
  default = 2
}

locals {
  public = { for k, s in var.network.subnets : k => s if s.public }
  tags   = { Name = var.name, Stage = terraform.workspace }
  ids    = [for s in var.network.subnets : s.id]
}

data "aws_region" "current" {}

data "aws_caller_identity" "current" {}

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }

    dynamic "condition" {
      for_each = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }

      content {
        test     = "StringEquals"
        variable = condition.key
        values   = [condition.value]
      }
    }
  }
}

resource "aws_iam_role" "task" {
  name               = "${var.name}-task"
  assume_role_policy = data.aws_iam_policy_document.assume.json
  tags               = local.tags
}

resource "aws_security_group" "main" {
  name   = var.name
  vpc_id = var.network.vpc_id

  dynamic "ingress" {
    for_each = toset([for p in var.ports : tostring(p)])
    iterator = port

    content {
      from_port   = port.value
      to_port     = port.value
      protocol    = "tcp"
      cidr_blocks = values(local.public)[*].cidr
    }
  }

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [description, tags["Name"]]
  }
}

resource "aws_vpc_security_group_egress_rule" "main" {
  for_each = local.public

  security_group_id = aws_security_group.main.id
  cidr_ipv4         = each.value.cidr
  ip_protocol       = "-1"
  description       = "To ${each.key}"
}

resource "aws_lb" "main" {
  name               = var.name
  load_balancer_type = "application"
  subnets            = local.ids
  security_groups    = [aws_security_group.main.id]
  idle_timeout       = 60

  access_logs {
    bucket  = "logs"
    enabled = true
  }

  timeouts {
    create = "10m"
  }
}

resource "aws_lb_target_group" "main" {
  count = 2

  name        = "${var.name}-${count.index}"
  port        = var.ports[0]
  protocol    = "HTTP"
  target_type = "ip"
  vpc_id      = var.network.vpc_id

  health_check {
    path    = "/health"
    matcher = "200"
  }

  stickiness {
    type = "lb_cookie"
  }
}

resource "aws_lb_listener" "main" {
  load_balancer_arn = aws_lb.main.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = "arn:aws:acm:eu-west-1:111111111111:certificate/12345678-1234-1234-1234-123456789012"

  default_action {
    type = "forward"

    forward {
      dynamic "target_group" {
        for_each = aws_lb_target_group.main[*].arn

        content {
          arn    = target_group.value
          weight = target_group.key
        }
      }
    }
  }

  lifecycle {
    replace_triggered_by = [aws_lb.main.id]
  }
}

resource "aws_ecs_cluster" "main" {
  name = var.name

  setting {
    name  = "containerInsights"
    value = "enabled"
  }
}

resource "aws_cloudwatch_log_group" "main" {
  name              = "/ecs/${var.name}"
  retention_in_days = 30
}

resource "aws_ecs_task_definition" "main" {
  family                   = var.name
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = 256
  memory                   = 512
  task_role_arn            = aws_iam_role.task.arn

  container_definitions = jsonencode([{
    name  = var.name
    image = "example"
    logConfiguration = {
      logDriver = "awslogs"
      options = {
        "awslogs-group"  = aws_cloudwatch_log_group.main.name
        "awslogs-region" = data.aws_region.current.name
      }
    }
  }])

  runtime_platform {
    cpu_architecture = "ARM64"
  }
}

resource "aws_ecs_service" "main" {
  name            = var.name
  cluster         = aws_ecs_cluster.main.id
  task_definition = aws_ecs_task_definition.main.arn
  desired_count   = var.replicas
  launch_type     = "FARGATE"

  network_configuration {
    subnets         = local.ids
    security_groups = [aws_security_group.main.id]
  }

  load_balancer {
    target_group_arn = one(slice(aws_lb_target_group.main, 0, 1)[*].arn)
    container_name   = var.name
    container_port   = var.ports[0]
  }

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  depends_on = [aws_lb_listener.main]

  lifecycle {
    precondition {
      condition     = length(aws_lb_target_group.main) == 2
      error_message = "Two target groups are needed."
    }
  }
}

resource "aws_appautoscaling_target" "main" {
  count = var.replicas > 1 ? 1 : 0

  resource_id        = "service/${aws_ecs_cluster.main.name}/${aws_ecs_service.main.name}"
  scalable_dimension = "ecs:service:DesiredCount"
  service_namespace  = "ecs"
  min_capacity       = 1
  max_capacity       = 4
}

resource "terraform_data" "marker" {
  input = aws_lb.main.access_logs[0].bucket
}

output "url" {
  value       = "https://${aws_lb.main.dns_name}"
  description = "Where it answers."
  depends_on  = [aws_ecs_service.main]
}

output "egress" {
  value = { for k, r in aws_vpc_security_group_egress_rule.main : k => r.arn }
}

output "scaling" {
  value = one(aws_appautoscaling_target.main[*].arn)
}

output "marker" {
  value = terraform_data.marker.output
}
