mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                    = "example"
  cluster_name            = "example"
  service_name            = "example"
  listener_arn            = "arn:aws:elasticloadbalancing:xx-example-1:123456789012:listener/app/example/0123456789abcdef/0123456789abcdef"
  test_listener_arn       = "arn:aws:elasticloadbalancing:xx-example-1:123456789012:listener/app/example/0123456789abcdef/fedcba9876543210"
  target_group_name       = "example-80"
  green_target_group_name = "example-g80"
}

run "waits_for_a_person" {
  command = plan

  assert {
    condition     = aws_codedeploy_deployment_group.this.blue_green_deployment_config[0].deployment_ready_option[0].action_on_timeout == "STOP_DEPLOYMENT" && aws_codedeploy_deployment_group.this.auto_rollback_configuration[0].enabled
    error_message = "Users must not see a new version that nobody confirmed, and a failed one must be rolled back."
  }

  assert {
    condition     = jsondecode(aws_iam_role.this.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == data.aws_caller_identity.current.account_id && endswith(aws_iam_role.this.name, "-${data.aws_region.current.id}")
    error_message = "CodeDeploy must be able to assume the role only for this account, and the role's name must contain the region."
  }

  assert {
    condition     = aws_codedeploy_deployment_group.this.alarm_configuration[0].enabled == (length(aws_codedeploy_deployment_group.this.alarm_configuration[0].alarms) > 0)
    error_message = "The given alarms must be able to stop a deployment."
  }

  assert {
    condition     = aws_codedeploy_deployment_group.this.blue_green_deployment_config[0].deployment_ready_option[0].wait_time_in_minutes == var.confirmation_minutes && aws_codedeploy_deployment_group.this.blue_green_deployment_config[0].terminate_blue_instances_on_deployment_success[0].action == "TERMINATE"
    error_message = "There must be time to confirm, and nothing may be left of the old version after the switch."
  }
}
