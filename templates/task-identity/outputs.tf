output "security_group_id" {
  description = "Security group of the tasks. Who offers something to the tasks makes the rules for it, at both ends."
  value       = aws_security_group.this.id
}

output "task_role_arn" {
  description = "ARN of the role of the application."
  value       = aws_iam_role.task.arn
}

output "task_role_name" {
  description = "Name of the role of the application, to attach permissions to."
  value       = aws_iam_role.task.name
}

output "execution_role_arn" {
  description = "ARN of the role of the agent that starts the containers."
  value       = aws_iam_role.execution.arn
}

output "execution_role_name" {
  description = "Name of the role of the agent that starts the containers, to attach permissions to."
  value       = aws_iam_role.execution.name
}

output "execution_policy_id" {
  description = "Id of the attachment by which the agent may pull images and write logs, to wait for."
  value       = aws_iam_role_policy_attachment.execution.id
}
