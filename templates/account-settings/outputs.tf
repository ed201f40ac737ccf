output "api_gateway_role_arn" {
  description = "ARN of the role with which API Gateway writes logs, null without it."
  value       = one(aws_iam_role.api_gateway[*].arn)
}
