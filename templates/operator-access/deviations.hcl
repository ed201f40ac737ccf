deviation "one-off-tasks-pass-two-roles" {
  notes    = ["ecs-fargate.run-task-iam-policy", "ecs-fargate.run-task-user-minimum-permission"]
  rendered = "The policy allows passing only the two task roles, only to ECS tasks, and belongs to a role, not to a user with keys."
  reason   = "With iam:PassRole on role/* a task could be started with any role in the account."
  restore  = "Not recommended; if you must, use arn:aws:iam::<account>:role/* in the policy run_task."
}
