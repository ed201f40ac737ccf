# Services that are reachable only by the other services of the system, through Service Connect.
resource "aws_ecs_service" "this" {
  for_each = var.services

  name            = "${var.name}-${each.key}"
  cluster         = var.cluster_arn
  task_definition = aws_ecs_task_definition.this[each.key].arn

  launch_type      = "FARGATE"
  platform_version = "LATEST"
  desired_count    = each.value.image_tag == null ? 0 : each.value.min # why: without an image there is nothing to start

  wait_for_steady_state = true # why: apply finishes when the new version is running, or has failed

  availability_zone_rebalancing = "ENABLED" # why: after the loss of a zone tasks are rebalanced
  enable_ecs_managed_tags       = true
  propagate_tags                = "SERVICE"

  deployment_minimum_healthy_percent = 100
  deployment_maximum_percent         = 200

  network_configuration {
    subnets          = var.subnet_ids
    security_groups  = [aws_security_group.this.id]
    assign_public_ip = false
  }

  service_connect_configuration {
    enabled   = true
    namespace = var.namespace_arn

    service {
      port_name      = "app"
      discovery_name = each.key # notes: ecs-fargate.service-discovery found by name, whatever the number of tasks

      client_alias {
        dns_name = each.key
        port     = each.value.port
      }
    }
  }

  deployment_circuit_breaker {
    enable   = true
    rollback = true
  }

  lifecycle {
    ignore_changes = [
      desired_count, # why: auto scaling changes it
    ]

    postcondition {
      condition     = self.task_definition == aws_ecs_task_definition.this[each.key].arn
      error_message = "The new version was rolled back: ${self.task_definition} is running."
    }
  }

  depends_on = [
    aws_iam_role_policy.secrets,
    aws_vpc_security_group_egress_rule.endpoints,
    aws_vpc_security_group_egress_rule.s3,
    aws_vpc_security_group_egress_rule.dynamodb,
    aws_vpc_security_group_egress_rule.internet,
    aws_vpc_security_group_egress_rule.internal,
    aws_vpc_security_group_ingress_rule.endpoints,
    aws_vpc_security_group_ingress_rule.internal,
    var.prerequisites,
  ]
}

resource "aws_ecs_task_definition" "this" {
  for_each = var.services

  family                   = "${var.name}-${each.key}"
  requires_compatibilities = ["FARGATE"]
  network_mode             = "awsvpc"
  cpu                      = each.value.cpu
  memory                   = each.value.memory
  execution_role_arn       = var.execution_role_arn
  task_role_arn            = aws_iam_role.this[each.key].arn
  skip_destroy             = true # why: a revision in use must stay; the previous one is needed for a rollback

  runtime_platform {
    operating_system_family = "LINUX"
    cpu_architecture        = var.architecture
  }

  container_definitions = jsonencode([{
    name                   = "app"
    image                  = "${aws_ecr_repository.this[each.key].repository_url}:${coalesce(each.value.image_tag, "none")}"
    essential              = true
    stopTimeout            = 60
    user                   = each.value.user
    readonlyRootFilesystem = true
    portMappings           = [{ name = "app", containerPort = each.value.port, hostPort = each.value.port, protocol = "tcp", appProtocol = "http" }]
    environment            = [for key, value in each.value.environment : { name = key, value = value }]
    secrets                = [for key, arn in each.value.secrets : { name = key, valueFrom = coalesce(arn, "/${var.name}/${each.key}/${key}") }]

    # In memory and writable by every user of the container; a volume would belong to root.
    linuxParameters = {
      initProcessEnabled = true
      tmpfs              = [for path, size in each.value.writable_paths : { containerPath = path, size = size, mountOptions = ["mode=1777"] }]
    }

    logConfiguration = {
      logDriver = "awslogs"
      options = {
        awslogs-group         = var.log_group_name
        awslogs-region        = data.aws_region.current.id
        awslogs-stream-prefix = each.key
      }
    }
  }])
}

# Secrets outside the parameters of this system.
resource "aws_iam_role_policy" "secrets" {
  count = length(local.secret_arns) > 0 ? 1 : 0

  name = "read-secrets-of-internal-services"
  role = var.execution_role_name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [for arn in local.secret_arns : {
      Effect   = "Allow"
      Action   = strcontains(arn, ":secretsmanager:") ? "secretsmanager:GetSecretValue" : "ssm:GetParameters"
      Resource = regex("^(?:[^:]+:){5}(?:secret:[^:]+|parameter/.+)", arn) # why: a suffix of a secret selects a key in it
    }]
  })
}

# An apply without an image succeeds, but nothing runs.
check "images" {
  assert {
    condition     = alltrue([for service in var.services : service.image_tag != null])
    error_message = "No image yet for ${join(", ", [for key, service in var.services : key if service.image_tag == null])}: none of its tasks runs. Push one and set its image_tag."
  }
}

resource "aws_ecr_repository" "this" {
  for_each = var.services

  name                 = "${var.name}-${each.key}"
  image_tag_mutability = "IMMUTABLE"    # notes: ecr.tag-immutability a tag cannot be overwritten
  force_delete         = var.disposable # why: otherwise a repository with images is not deleted

  image_scanning_configuration {
    scan_on_push = true
  }

  encryption_configuration {
    encryption_type = "KMS"
  }
}

resource "aws_ecr_lifecycle_policy" "this" {
  for_each = var.services

  repository = aws_ecr_repository.this[each.key].name

  policy = jsonencode({
    rules = [{
      rulePriority = 90
      description  = "Keep the newest images"
      selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 30 }
      action       = { type = "expire" }
    }]
  })
}

# For each application: its AWS permissions are attached here.
resource "aws_iam_role" "this" {
  for_each = var.services

  name = "${var.name}-${each.key}-task-${data.aws_region.current.id}" # why: role names are global, and the system may run in a second region

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })
}

resource "aws_appautoscaling_target" "this" {
  for_each = var.services

  service_namespace  = "ecs"
  scalable_dimension = "ecs:service:DesiredCount"
  resource_id        = "service/${var.cluster_name}/${aws_ecs_service.this[each.key].name}"
  min_capacity       = each.value.image_tag == null ? 0 : each.value.min
  max_capacity       = each.value.max
}

resource "aws_appautoscaling_policy" "this" {
  for_each = aws_appautoscaling_target.this

  name               = "ECSServiceAverageCPUUtilization"
  policy_type        = "TargetTrackingScaling"
  service_namespace  = each.value.service_namespace
  scalable_dimension = each.value.scalable_dimension
  resource_id        = each.value.resource_id

  target_tracking_scaling_policy_configuration {
    target_value       = 40 # notes: ecs-fargate.autoscaling-example-values 40 % of CPU
    scale_out_cooldown = 60
    scale_in_cooldown  = 300

    predefined_metric_specification {
      predefined_metric_type = "ECSServiceAverageCPUUtilization"
    }
  }
}

resource "aws_security_group" "this" {
  name        = "${var.name}-internal"
  description = "Internal services of ${var.name}"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "service" {
  for_each = local.ports

  security_group_id            = aws_security_group.this.id
  description                  = "Port ${each.value} from the public service"
  referenced_security_group_id = var.client_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
}

resource "aws_vpc_security_group_egress_rule" "service" {
  for_each = local.ports

  security_group_id            = var.client_security_group_id
  description                  = "Port ${each.value} to the internal services"
  referenced_security_group_id = aws_security_group.this.id
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
}

resource "aws_vpc_security_group_ingress_rule" "internal" {
  for_each = local.ports

  security_group_id            = aws_security_group.this.id
  description                  = "Port ${each.value} from other internal services"
  referenced_security_group_id = aws_security_group.this.id
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
}

resource "aws_vpc_security_group_egress_rule" "internal" {
  for_each = local.ports

  security_group_id            = aws_security_group.this.id
  description                  = "Port ${each.value} to other internal services"
  referenced_security_group_id = aws_security_group.this.id
  ip_protocol                  = "tcp"
  from_port                    = each.value
  to_port                      = each.value
}

resource "aws_vpc_security_group_egress_rule" "endpoints" {
  count = contains(["vpc-endpoints", "both"], var.outbound) ? 1 : 0

  security_group_id            = aws_security_group.this.id
  description                  = "HTTPS to the VPC endpoints"
  referenced_security_group_id = var.endpoint_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

# The group belongs to the network's owner, the rule to this module.
resource "aws_vpc_security_group_ingress_rule" "endpoints" {
  count = var.given_network && contains(["vpc-endpoints", "both"], var.outbound) ? 1 : 0

  security_group_id            = var.endpoint_security_group_id
  description                  = "HTTPS from the internal services of ${var.name}"
  referenced_security_group_id = aws_security_group.this.id
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

resource "aws_vpc_security_group_egress_rule" "dynamodb" {
  count = contains(["vpc-endpoints", "both"], var.outbound) ? length(var.dynamodb_prefix_list_ids) : 0

  security_group_id = aws_security_group.this.id
  description       = "HTTPS to DynamoDB"
  prefix_list_id    = var.dynamodb_prefix_list_ids[count.index]
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

# trivy:ignore:AWS-0104 only TCP 443 is allowed, because the addresses of the services change
resource "aws_vpc_security_group_egress_rule" "internet" {
  count = contains(["nat-gateway", "both"], var.outbound) ? 1 : 0

  security_group_id = aws_security_group.this.id
  description       = "HTTPS to the internet through the NAT gateway"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

locals {
  ports       = toset([for service in var.services : tostring(service.port)])
  secret_arns = distinct(compact(flatten([for service in var.services : values(service.secrets)])))
}

data "aws_caller_identity" "current" {}

data "aws_region" "current" {}
