mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                   = "example"
  cluster_arn            = "arn:aws:ecs:xx-example-1:123456789012:cluster/example"
  cluster_name           = "example"
  service_name           = "example"
  task_definition_family = "example"
  execution_role_arn     = "arn:aws:iam::123456789012:role/example-execution"
  task_role_arn          = "arn:aws:iam::123456789012:role/example-task"
  execute_command        = true
}

run "admit_to_this_system_alone" {
  command = apply

  assert {
    condition     = alltrue([for statement in jsondecode(aws_iam_policy.run_task.policy).Statement : statement.Condition == { ArnEquals = { "ecs:cluster" = var.cluster_arn } } && strcontains(statement.Resource, ":task-definition/${var.task_definition_family}:") if statement.Action == "ecs:RunTask"])
    error_message = "Only tasks of this system may be run, and only in its cluster."
  }

  assert {
    condition     = alltrue([for statement in jsondecode(aws_iam_policy.run_task.policy).Statement : toset(statement.Resource) == toset([var.execution_role_arn, var.task_role_arn]) && statement.Condition == { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } } if statement.Action == "iam:PassRole"])
    error_message = "Only the two task roles may be passed, and only to tasks."
  }

  assert {
    condition     = !anytrue([for statement in jsondecode(aws_iam_policy.run_task.policy).Statement : contains(flatten([statement.Resource]), "*") || anytrue([for action in flatten([statement.Action]) : strcontains(action, "*")])])
    error_message = "No permission may apply to all resources."
  }

  assert {
    condition     = alltrue([for statement in jsondecode(aws_iam_policy.execute_command[0].policy).Statement : length(setsubtract(flatten([statement.Action]), ["ecs:ListTasks", "ssm:DescribeSessions"])) == 0 if contains(flatten([statement.Resource]), "*")])
    error_message = "Shells may be opened in this cluster only; only listing tasks and sessions may apply to all resources."
  }

  assert {
    condition = { for statement in jsondecode(aws_iam_policy.execute_command[0].policy).Statement : join(" ", flatten([statement.Action])) => replace(statement.Resource, "/^.*:session[/]/", "") if contains(flatten([statement.Action]), "ssm:TerminateSession") } == {
      "ssm:TerminateSession ssm:ResumeSession" = "$${aws:userid}-*"
      "ssm:TerminateSession"                   = "ecs-execute-command-*"
    }
    error_message = "People who open shells must be able to end them, and nobody may resume another person's session."
  }

  assert {
    condition     = endswith(aws_iam_policy.run_task.name, "-${data.aws_region.current.id}") && endswith(aws_iam_policy.execute_command[0].name, "-${data.aws_region.current.id}")
    error_message = "Policy names must contain the region, so that the system can be deployed in a second region."
  }

  assert {
    condition     = toset([for statement in jsondecode(aws_iam_policy.run_task.policy).Statement : statement.Effect]) == toset(["Allow"]) && toset(flatten([for statement in jsondecode(aws_iam_policy.run_task.policy).Statement : statement.Action])) == toset(["ecs:RunTask", "ecs:DescribeServices", "ecs:DescribeTasks", "iam:PassRole"])
    error_message = "A one-off task needs these four actions, and no others."
  }

  assert {
    condition     = anytrue([for statement in jsondecode(aws_iam_policy.execute_command[0].policy).Statement : statement.Effect == "Allow" && contains(statement.Resource, var.cluster_arn) && alltrue([for resource in statement.Resource : resource == var.cluster_arn || endswith(resource, ":task/${var.cluster_name}/*")]) if contains(flatten([statement.Action]), "ecs:ExecuteCommand")])
    error_message = "Shells may be opened in tasks of this cluster."
  }
}
