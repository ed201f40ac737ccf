mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name       = "example"
  topic_arns = ["arn:aws:sns:xx-example-1:123456789012:example-alarms"]
  slack      = { workspace_id = "T0123ABCDEF", channel_id = "C0123ABCDEF" }
}

run "only_reads" {
  command = apply

  assert {
    condition     = alltrue([for arn in aws_chatbot_slack_channel_configuration.this.guardrail_policy_arns : endswith(arn, ":policy/CloudWatchReadOnlyAccess")]) && aws_iam_role_policy_attachment.chatbot.policy_arn == one(aws_chatbot_slack_channel_configuration.this.guardrail_policy_arns)
    error_message = "The channel may read metrics and logs, nothing else."
  }

  assert {
    condition     = jsondecode(aws_iam_role.chatbot.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == data.aws_caller_identity.current.account_id
    error_message = "Only a channel of this account may use the role."
  }
}

run "refuses_a_channel_without_a_workspace" {
  command = plan

  variables {
    slack = { workspace_id = "example", channel_id = "C0123ABCDEF" }
  }

  expect_failures = [var.slack]
}
