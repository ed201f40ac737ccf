# What a mock makes up is no JSON, and the provider checks the policy.
mock_data "aws_iam_policy_document" {
  defaults = { json = "{}" }
}
