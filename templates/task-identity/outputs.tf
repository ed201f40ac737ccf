output "security_group_id" {
  description = "Security group of the tasks. The rules for a service that the tasks use are created with that service, at both ends."
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
  description = "ID of the attachment that lets the agent pull images and write logs, for dependencies."
  value       = aws_iam_role_policy_attachment.execution.id
}
