output "run_task_policy_arn" {
  description = "ARN of the policy for one-off tasks."
  value       = aws_iam_policy.run_task.arn
}

output "execute_command_policy_arn" {
  description = "ARN of the policy for shells in containers, null without ECS Exec."
  value       = one(aws_iam_policy.execute_command[*].arn)
}
