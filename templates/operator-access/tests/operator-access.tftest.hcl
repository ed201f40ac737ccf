mock_provider "aws" {}

variables {
  name                   = "example"
  cluster_arn            = "arn:aws:ecs:ap-northeast-1:123456789012:cluster/example"
  cluster_name           = "example"
  service_name           = "example"
  task_definition_family = "example"
  execution_role_arn     = "arn:aws:iam::123456789012:role/example-execution"
  task_role_arn          = "arn:aws:iam::123456789012:role/example-task"
}

run "passes_two_roles" {
  command = plan

  assert {
    condition     = alltrue([for statement in jsondecode(aws_iam_policy.run_task.policy).Statement : statement.Action != "iam:PassRole" || length(statement.Resource) == 2])
    error_message = "Only the two roles of the task may be passed."
  }
}
