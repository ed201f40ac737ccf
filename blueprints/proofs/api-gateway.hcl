# Once per account and region, in the blueprint for what exists once.
proof "api-gateway.cloudwatch-role" {
  some "aws_api_gateway_account" {
    cloudwatch_role_arn = refers_to("aws_iam_role")
  }

  some "aws_iam_role" {
    assume_role_policy = json({ Statement = [{ Effect = "Allow", Principal = { Service = "apigateway.amazonaws.com" } }] })
  }

  some "aws_iam_role_policy_attachment" {
    policy_arn = matches(":policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs$")
  }
}
