output "instance_id" {
  description = "ID of the instance, the target of a tunnel."
  value       = aws_instance.this.id
}

output "security_group_id" {
  description = "Security group of the instance."
  value       = aws_security_group.this.id
}

output "connect_policy_arn" {
  description = "Policy for people who open a tunnel."
  value       = aws_iam_policy.connect.arn
}
