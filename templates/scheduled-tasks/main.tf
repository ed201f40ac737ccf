# Scheduled commands, each in its own task that ends with the command.
resource "aws_scheduler_schedule_group" "this" {
  name = var.name
}

resource "aws_scheduler_schedule" "this" {
  # checkov:skip=CKV_AWS_297:a schedule contains a command and no secret; AWS encrypts it by default
  for_each = var.tasks

  name       = each.key
  group_name = aws_scheduler_schedule_group.this.name

  schedule_expression          = each.value.schedule
  schedule_expression_timezone = coalesce(each.value.timezone, var.time_zone)

  flexible_time_window {
    mode = "OFF"
  }

  target {
    arn      = aws_sfn_state_machine.this.arn
    role_arn = aws_iam_role.this.arn
    input    = jsonencode({ command = each.value.command })

    retry_policy {
      maximum_retry_attempts       = 2   # why: only for failed starts; a command that ran is not run again
      maximum_event_age_in_seconds = 900 # why: a task that is too late is skipped
    }
  }
}

# Runs the service's revision. The newest revision of the family may be a different one, which
# was rolled back or never deployed to the service.
resource "aws_sfn_state_machine" "this" {
  # checkov:skip=CKV_AWS_284:two steps need no tracing
  # checkov:skip=CKV_AWS_285:the history of each execution is kept for 90 days, and the task writes the log
  name     = "${var.name}-scheduled"
  role_arn = aws_iam_role.run.arn

  definition = jsonencode({
    StartAt = "Look"
    States = {
      Look = {
        Type           = "Task"
        Resource       = "arn:${data.aws_partition.current.partition}:states:::aws-sdk:ecs:describeServices"
        Parameters     = { Cluster = var.cluster_arn, Services = [var.service_name] }
        ResultSelector = { "TaskDefinition.$" = var.deployment == "codedeploy" ? "States.ArrayGetItem($.Services[0].TaskSets[?(@.Status == 'PRIMARY')].TaskDefinition, 0)" : "$.Services[0].TaskDefinition" }
        ResultPath     = "$.service"
        Next           = "Run"
      }

      Run = {
        Type     = "Task"
        Resource = "arn:${data.aws_partition.current.partition}:states:::ecs:runTask.sync" # why: waits for the task, and fails if the command fails
        Parameters = {
          Cluster            = var.cluster_arn
          "TaskDefinition.$" = "$.service.TaskDefinition"
          LaunchType         = "FARGATE" # notes: ecs-fargate.run-task-launch-type like the service
          PropagateTags      = "TASK_DEFINITION"

          NetworkConfiguration = {
            AwsvpcConfiguration = {
              Subnets        = var.subnet_ids # notes: ecs-fargate.run-task-same-network-as-service like the service
              SecurityGroups = [var.security_group_id]
              AssignPublicIp = "DISABLED"
            }
          }

          Overrides = { ContainerOverrides = [{ Name = "app", "Command.$" = "$.command" }] } # why: the image of the service with another command
        }
        End = true
      }
    }
  })

  depends_on = [aws_iam_role_policy.run] # why: Step Functions checks the role when it creates the state machine
}

# For the scheduler: starts the state machine and nothing else.
resource "aws_iam_role" "this" {
  name = "${var.name}-scheduler-${data.aws_region.current.id}" # why: role names are global

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
  name = "start"
  role = aws_iam_role.this.name

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "states:StartExecution", Resource = aws_sfn_state_machine.this.arn }]
  })
}

# For the state machine: starts tasks of this family in this cluster and nothing else.
resource "aws_iam_role" "run" {
  name = "${var.name}-scheduled-${data.aws_region.current.id}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "states.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })
}

resource "aws_iam_role_policy" "run" {
  name = "run-task"
  role = aws_iam_role.run.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = "ecs:DescribeServices"
        Resource = "${local.ecs}:service/${var.cluster_name}/${var.service_name}"
      },
      {
        Effect    = "Allow"
        Action    = "ecs:RunTask"
        Resource  = "${local.ecs}:task-definition/${var.task_definition_family}:*"
        Condition = { ArnEquals = { "ecs:cluster" = var.cluster_arn } }
      },
      {
        Effect   = "Allow"
        Action   = ["ecs:DescribeTasks", "ecs:StopTask"]
        Resource = "${local.ecs}:task/${var.cluster_name}/*"
      },
      {
        Effect   = "Allow"
        Action   = ["events:DescribeRule", "events:PutRule", "events:PutTargets"] # why: through this rule Step Functions learns that a task has ended
        Resource = "arn:${data.aws_partition.current.partition}:events:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:rule/StepFunctionsGetEventsForECSTaskRule"
      },
      {
        Effect    = "Allow"
        Action    = "iam:PassRole"
        Resource  = [var.execution_role_arn, var.task_role_arn]
        Condition = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
      },
      {
        Effect    = "Allow"
        Action    = "ecs:TagResource" # why: the task inherits the tags of its definition
        Resource  = "${local.ecs}:task/${var.cluster_name}/*"
        Condition = { StringEquals = { "ecs:CreateAction" = "RunTask" } }
      },
    ]
  })
}

locals {
  ecs = "arn:${data.aws_partition.current.partition}:ecs:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}"
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}
