# Once in an account and region, by the blueprint for what exists once.
proof "api-gateway.cloudwatch-role" {
  some "aws_api_gateway_account" {
    cloudwatch_role_arn = refers_to("aws_iam_role.settings_api_gateway")
  }

  some "aws_iam_role_policy_attachment" {
    policy_arn = matches(":policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs$")
  }
}
