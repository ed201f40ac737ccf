# Every volume created from now on is encrypted, with the AWS managed key.
resource "aws_ebs_encryption_by_default" "settings" {
  enabled = true
}

# An instance that does not configure its metadata service requires a token.
resource "aws_ec2_instance_metadata_defaults" "settings" {
  http_tokens                 = "required" # why: without a token a faulty proxy on the instance exposes its credentials
  http_put_response_hop_limit = 2          # why: containers on the instance are one hop farther away
}

# Snapshots contain the same data as volumes.
resource "aws_ebs_snapshot_block_public_access" "settings" {
  state = "block-all-sharing"
}

# notes s3.block-all-public-access: for every bucket of the account
resource "aws_s3_account_public_access_block" "settings" {
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# notes api-gateway.cloudwatch-role: once per account and region, for all APIs
resource "aws_api_gateway_account" "settings" {
  cloudwatch_role_arn = aws_iam_role.settings_api_gateway.arn

  depends_on = [aws_iam_role_policy_attachment.settings_api_gateway] # why: API Gateway checks the role when it is set
}

# For API Gateway, which writes the logs of all APIs.
resource "aws_iam_role" "settings_api_gateway" {
  name = "${var.name}-api-gateway-logs-${data.aws_region.current.id}" # why: role names are global

  # AWS documents no condition on the source for this role; a condition that API Gateway does not meet would stop all logs.
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "apigateway.amazonaws.com" } # notes iam.trusted-entity-type: an AWS service
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "settings_api_gateway" {
  role       = aws_iam_role.settings_api_gateway.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs" # why: API Gateway rejects a role with fewer permissions
}
