output "api_gateway_role_arn" {
  description = "ARN of the role with which API Gateway writes logs; null if there is none."
  value       = one(aws_iam_role.api_gateway[*].arn)
}
