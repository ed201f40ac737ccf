mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name         = "example-alarms"
  description  = "Alarms of example"
  alarm_prefix = "example-"
}

run "calls_somebody" {
  command = apply

  variables {
    emails = ["ops@example.com"]
  }

  assert {
    condition     = aws_kms_key.this.enable_key_rotation && aws_sns_topic.this.kms_master_key_id == aws_kms_alias.this.name && alltrue([for statement in jsondecode(aws_kms_key.this.policy).Statement : statement.Principal == { Service = "cloudwatch.amazonaws.com" } && statement.Condition.StringEquals["aws:SourceAccount"] == data.aws_caller_identity.current.account_id && toset(statement.Action) == toset(["kms:Decrypt", "kms:GenerateDataKey*"]) if statement.Sid != "AccountByIAM"])
    error_message = "The topic must be encrypted with its own key, which allows only alarms of this account to publish."
  }

  assert {
    condition     = aws_sns_topic_subscription.this["ops@example.com"].protocol == "email"
    error_message = "Alarms must reach the addresses."
  }
}
