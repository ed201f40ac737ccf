mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                = "example"
  safe_defaults       = true
  api_gateway_logging = true
}

run "are_safe_unless_a_resource_says_otherwise" {
  command = apply

  # bpgen:if var.safe_defaults
  assert {
    condition     = aws_ebs_encryption_by_default.this[0].enabled && aws_ebs_snapshot_block_public_access.this[0].state == "block-all-sharing"
    error_message = "Volumes must be encrypted, and no snapshot may be public."
  }

  # bpgen:if var.safe_defaults
  assert {
    condition     = aws_ec2_instance_metadata_defaults.this[0].http_tokens == "required" && aws_ec2_instance_metadata_defaults.this[0].http_put_response_hop_limit <= 2
    error_message = "Instances must require a token, and their metadata must reach no farther than their containers."
  }

  # bpgen:if var.safe_defaults
  assert {
    condition     = aws_s3_account_public_access_block.this[0].block_public_acls && aws_s3_account_public_access_block.this[0].block_public_policy && aws_s3_account_public_access_block.this[0].ignore_public_acls && aws_s3_account_public_access_block.this[0].restrict_public_buckets
    error_message = "No bucket of the account may be public."
  }

  # bpgen:if var.api_gateway_logging
  assert {
    condition     = aws_api_gateway_account.this[0].cloudwatch_role_arn == aws_iam_role.api_gateway[0].arn && aws_iam_role_policy_attachment.api_gateway[0].role == aws_iam_role.api_gateway[0].name && endswith(aws_iam_role_policy_attachment.api_gateway[0].policy_arn, ":policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs")
    error_message = "API Gateway must have the role that writes logs, with the permissions for it."
  }

  # bpgen:if var.api_gateway_logging
  assert {
    condition     = [for statement in jsondecode(aws_iam_role.api_gateway[0].assume_role_policy).Statement : [statement.Effect, statement.Principal]] == [["Allow", { Service = "apigateway.amazonaws.com" }]] && endswith(aws_iam_role.api_gateway[0].name, "-${data.aws_region.current.id}")
    error_message = "Only API Gateway may assume the role, which must have a different name in each region."
  }
}
