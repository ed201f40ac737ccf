# Commands that run by the clock, each in a task of its own that ends with the command.
resource "aws_scheduler_schedule_group" "this" {
  name = var.name
}

resource "aws_scheduler_schedule" "this" {
  # checkov:skip=CKV_AWS_297:a schedule holds a command and no secret; AWS encrypts it by itself
  for_each = var.tasks

  name       = each.key
  group_name = aws_scheduler_schedule_group.this.name

  schedule_expression          = each.value.schedule
  schedule_expression_timezone = coalesce(each.value.timezone, var.time_zone)

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = var.cluster_arn
    role_arn = aws_iam_role.this.arn

    input = jsonencode({
      containerOverrides = [{ name = "app", command = each.value.command }] # notes: ecs-fargate.run-task-temporary the image of the service with another command
    })

    ecs_parameters {
      task_definition_arn = local.task_definition_arn # why: without a revision it is the newest one
      launch_type         = "FARGATE"                 # notes: ecs-fargate.run-task-launch-type as the service
      propagate_tags      = "TASK_DEFINITION"

      network_configuration {
        subnets          = var.subnet_ids # notes: ecs-fargate.run-task-same-network-as-service as the service
        security_groups  = [var.security_group_id]
        assign_public_ip = false
      }
    }

    retry_policy {
      maximum_retry_attempts       = 2   # why: only for a start that failed; what ran is not run again
      maximum_event_age_in_seconds = 900 # why: a task that is too late is left out
    }
  }
}

locals {
  task_definition_arn = "arn:aws:ecs:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:task-definition/${var.task_definition_family}"
}

# For the scheduler: starts tasks of this family in this cluster and nothing else.
resource "aws_iam_role" "this" {
  name = "${var.name}-scheduler"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "scheduler.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })
}

resource "aws_iam_role_policy" "this" {
  name = "run-task"
  role = aws_iam_role.this.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "ecs:RunTask"
        Resource  = [local.task_definition_arn, "${local.task_definition_arn}:*"]
        Condition = { ArnEquals = { "ecs:cluster" = var.cluster_arn } }
      },
      {
        Effect    = "Allow"
        Action    = "iam:PassRole"
        Resource  = [var.execution_role_arn, var.task_role_arn]
        Condition = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
      },
      {
        Effect    = "Allow"
        Action    = "ecs:TagResource" # why: the task takes over the tags of its definition
        Resource  = "arn:aws:ecs:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:task/${var.cluster_name}/*"
        Condition = { StringEquals = { "ecs:CreateAction" = "RunTask" } }
      },
    ]
  })
}

data "aws_caller_identity" "current" {}

data "aws_region" "current" {}
