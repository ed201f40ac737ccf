mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name   = "example"
  vpc_id = "vpc-0123456789abcdef0"
}

run "is_for_tasks_alone" {
  command = apply

  assert {
    condition     = alltrue([for role in [aws_iam_role.task, aws_iam_role.execution] : jsondecode(role.assume_role_policy).Statement[0].Principal == { Service = "ecs-tasks.amazonaws.com" }])
    error_message = "Only tasks may assume the task roles."
  }

  assert {
    condition     = endswith(aws_iam_role_policy_attachment.execution.policy_arn, ":policy/service-role/AmazonECSTaskExecutionRolePolicy") && aws_iam_role_policy_attachment.execution.role == aws_iam_role.execution.name
    error_message = "The agent may pull images and write logs, and nothing more."
  }
}
