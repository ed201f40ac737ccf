# Permissions for people and pipelines that run one-off tasks: this family, in this cluster, with its roles.
# notes: ecs-fargate.run-task-user-minimum-permission the least that starting tasks needs
# trivy:ignore:AWS-0342 tasks can only run with the roles of this system
resource "aws_iam_policy" "run_task" {
  name        = "${var.name}-run-task-${data.aws_region.current.id}" # why: policy names are global
  description = "Starts one-off tasks of ${var.name}"

  policy = jsonencode({ # notes: ecs-fargate.run-task-iam-policy the actions that the notes list, on this system only
    Version = "2012-10-17"
    Statement = [
      {
        Effect    = "Allow"
        Action    = "ecs:RunTask"
        Resource  = "${local.ecs}:task-definition/${var.task_definition_family}:*"
        Condition = { ArnEquals = { "ecs:cluster" = var.cluster_arn } }
      },
      {
        Effect   = "Allow"
        Action   = ["ecs:DescribeServices", "ecs:DescribeTasks"]
        Resource = ["${local.ecs}:service/${var.cluster_name}/${var.service_name}", "${local.ecs}:task/${var.cluster_name}/*"]
      },
      {
        Effect    = "Allow"
        Action    = "iam:PassRole"
        Resource  = [var.execution_role_arn, var.task_role_arn]
        Condition = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
      },
    ]
  })
}

# Permissions for people who may open a shell in a container.
# notes: ecs-fargate.exec-policy-on-iam-user people who use ECS Exec need a policy
resource "aws_iam_policy" "execute_command" {
  count = var.execute_command ? 1 : 0

  # checkov:skip=CKV_AWS_355:listing tasks and sessions does not support resource-level permissions
  name        = "${var.name}-execute-command-${data.aws_region.current.id}"
  description = "Opens a shell and tunnels in tasks of ${var.name}"

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["ecs:ExecuteCommand", "ecs:DescribeTasks"] # notes: ecs-fargate.exec-user-policy this cluster only
        Resource = [var.cluster_arn, "${local.ecs}:task/${var.cluster_name}/*"]
      },
      {
        Effect    = "Allow"
        Action    = "ecs:ListTasks"
        Resource  = "*"
        Condition = { ArnEquals = { "ecs:cluster" = var.cluster_arn } }
      },
      {
        Effect   = "Allow"
        Action   = "ssm:StartSession" # why: a tunnel to the database through a task
        Resource = ["${local.ecs}:task/${var.cluster_name}/*", "arn:${data.aws_partition.current.partition}:ssm:${data.aws_region.current.id}:*:document/AWS-StartPortForwardingSessionToRemoteHost"]
      },
      {
        Effect   = "Allow"
        Action   = "ssm:DescribeSessions"
        Resource = "*"
      },
      {
        Effect   = "Allow"
        Action   = ["ssm:TerminateSession", "ssm:ResumeSession"]
        Resource = "${local.ssm}:session/$${aws:userid}-*" # why: tunnels, for each person only their own
      },
      {
        Effect   = "Allow"
        Action   = "ssm:TerminateSession" # why: ended but never resumed, which would give access to another person's shell
        Resource = "${local.ssm}:session/ecs-execute-command-*"
      },
    ]
  })
}

locals {
  ecs = "arn:${data.aws_partition.current.partition}:ecs:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}"
  ssm = "arn:${data.aws_partition.current.partition}:ssm:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}"
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}
