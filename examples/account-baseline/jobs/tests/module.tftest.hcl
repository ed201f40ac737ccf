mock_provider "aws" {
  mock_data "aws_caller_identity" { defaults = { account_id = "123456789012" } }
  mock_data "aws_partition" { defaults = { partition = "aws" } }
  mock_data "aws_region" { defaults = { id = "xx-example-1" } }
  mock_resource "aws_cloudtrail" { defaults = { arn = "arn:aws:cloudtrail:xx-example-1:123456789012:trail/example" } }
  mock_resource "aws_cloudwatch_log_group" { defaults = { arn = "arn:aws:logs:xx-example-1:123456789012:log-group:/cloudtrail/example" } }
  mock_resource "aws_iam_role" { defaults = { arn = "arn:aws:iam::123456789012:role/example" } }
  mock_resource "aws_kms_key" { defaults = { arn = "arn:aws:kms:xx-example-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef" } }
  mock_resource "aws_s3_bucket" { defaults = { arn = "arn:aws:s3:::example" } }
  mock_resource "aws_sns_topic" { defaults = { arn = "arn:aws:sns:xx-example-1:123456789012:example" } }
}

variables {
  name              = "example"
  organization_id   = "o-a1b2c3d4e5"
  environment       = "dev"
  alarm_slack       = { workspace_id = "T0123ABCDEF", channel_id = "C0123ABCDEF" }
  oidc              = { url = "https://oidc.example.com", audience = "sts.amazonaws.com", subjects = ["repo:example/web:ref:refs/heads/main"] }
  oidc_provider_arn = "arn:aws:iam::123456789012:oidc-provider/oidc.example.com"
}

run "trail_bucket_is_private_and_kept" {
  command = apply

  assert {
    condition     = aws_s3_bucket.trail_bucket.force_destroy == var.disposable && endswith(aws_s3_bucket.trail_bucket.bucket, "-${data.aws_caller_identity.current.account_id}-${data.aws_region.current.id}")
    error_message = "A bucket with objects in it may be deleted only where that is configured, and its name must end with the account and the region."
  }

  assert {
    condition     = aws_s3_bucket_public_access_block.trail_bucket.block_public_acls && aws_s3_bucket_public_access_block.trail_bucket.block_public_policy && aws_s3_bucket_public_access_block.trail_bucket.ignore_public_acls && aws_s3_bucket_public_access_block.trail_bucket.restrict_public_buckets
    error_message = "All public access must be blocked."
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.trail_bucket.rule[0].expiration[0].days == var.trail_retention_days && aws_s3_bucket_lifecycle_configuration.trail_bucket.rule[0].status == "Enabled" && aws_s3_bucket_versioning.trail_bucket.versioning_configuration[0].status == "Enabled"
    error_message = "Objects must be kept as long as configured, and deleted ones must be recoverable."
  }

  assert {
    condition     = aws_s3_bucket_ownership_controls.trail_bucket.rule[0].object_ownership == "BucketOwnerEnforced" && alltrue([for rule in aws_s3_bucket_server_side_encryption_configuration.trail_bucket.rule : rule.apply_server_side_encryption_by_default[0].sse_algorithm == "aws:kms" && rule.apply_server_side_encryption_by_default[0].kms_master_key_id == aws_kms_key.trail_bucket.arn]) && aws_kms_key.trail_bucket.enable_key_rotation
    error_message = "ACLs must be off, and objects must be encrypted."
  }

  assert {
    condition     = anytrue([for statement in jsondecode(aws_s3_bucket_policy.trail_bucket.policy).Statement : statement.Principal == "*" && statement.Action == "s3:*" && length(statement.Resource) == 2 && statement.Condition == { Bool = { "aws:SecureTransport" = "false" } } if statement.Effect == "Deny"])
    error_message = "Requests without TLS must be refused."
  }

  assert {
    condition     = alltrue([for statement in jsondecode(aws_s3_bucket_policy.trail_bucket.policy).Statement : statement.Principal == { Service = "cloudtrail.amazonaws.com" } && endswith(statement.Condition.StringEquals["aws:SourceArn"], ":${data.aws_caller_identity.current.account_id}:trail/${var.name}") if statement.Effect == "Allow"])
    error_message = "Only CloudTrail may do anything, and only for this trail of this account."
  }

  assert {
    condition = (toset([for statement in jsondecode(aws_s3_bucket_policy.trail_bucket.policy).Statement : "${statement.Action} ${replace(statement.Resource, aws_s3_bucket.trail_bucket.arn, "")}" if statement.Effect == "Allow"]) == toset([
      "s3:GetBucketAcl ",
      "s3:PutObject /AWSLogs/${data.aws_caller_identity.current.account_id}/*",
      "s3:PutObject /AWSLogs/${var.organization_id}/*",
    ]))
    error_message = "A trail must be able to check the bucket and to write below the prefixes of its accounts, and do nothing else."
  }

  assert {
    condition     = alltrue([for statement in jsondecode(aws_s3_bucket_policy.trail_bucket.policy).Statement : statement.Condition.StringEquals["s3:x-amz-acl"] == "bucket-owner-full-control" if statement.Action == "s3:PutObject"])
    error_message = "What the trail writes must belong to the bucket's owner."
  }

  assert {
    condition     = alltrue([for statement in jsondecode(aws_kms_key.trail_bucket.policy).Statement : statement.Principal == { Service = "cloudtrail.amazonaws.com" } && endswith(statement.Condition.StringEquals["aws:SourceArn"], ":${data.aws_caller_identity.current.account_id}:trail/${var.name}") if statement.Sid != "AccountByIAM"])
    error_message = "CloudTrail must use the key for this trail, and for no other."
  }

  assert {
    condition     = length(setsubtract(flatten([for statement in jsondecode(aws_kms_key.trail_bucket.policy).Statement : statement.Action if statement.Sid != "AccountByIAM"]), ["kms:DescribeKey", "kms:GenerateDataKey*"])) == 0
    error_message = "CloudTrail must be able to encrypt, and not to decrypt."
  }
}

run "trail_records_everything_for_those_who_may_read_it" {
  command = apply

  assert {
    condition     = aws_cloudtrail.trail.is_multi_region_trail && aws_cloudtrail.trail.include_global_service_events && aws_cloudtrail.trail.enable_log_file_validation && aws_cloudtrail.trail.enable_logging != false
    error_message = "The trail must record all regions and global services, and show whether a file was changed."
  }

  assert {
    condition     = aws_cloudtrail.trail.s3_bucket_name == aws_s3_bucket_policy.trail_bucket.bucket && aws_cloudtrail.trail.kms_key_id == aws_kms_key.trail_bucket.arn && aws_cloudtrail.trail.is_organization_trail == true
    error_message = "The trail must write to its bucket, encrypted with the key of the bucket, for all accounts if configured."
  }

  assert {
    condition     = contains([for selector in aws_cloudtrail.trail.advanced_event_selector : [for field in selector.field_selector : field.equals if field.field == "eventCategory"][0][0]], "Management")
    error_message = "Management events must be recorded."
  }

  assert {
    condition     = aws_cloudtrail.trail.cloud_watch_logs_group_arn == "${aws_cloudwatch_log_group.trail.arn}:*" && aws_cloudtrail.trail.cloud_watch_logs_role_arn == aws_iam_role.trail.arn && aws_cloudwatch_log_group.trail.retention_in_days == var.trail_log_retention_days
    error_message = "Events must go to the log, which is kept as long as configured."
  }

  assert {
    condition     = alltrue([for statement in jsondecode(aws_iam_role.trail.assume_role_policy).Statement : statement.Effect == "Allow" && statement.Principal == { Service = "cloudtrail.amazonaws.com" } && endswith(statement.Condition.StringEquals["aws:SourceArn"], ":${data.aws_caller_identity.current.account_id}:trail/${var.name}")])
    error_message = "Only CloudTrail may assume the role, and only for this trail."
  }

  assert {
    condition     = alltrue([for statement in jsondecode(aws_iam_role_policy.trail.policy).Statement : toset(statement.Action) == toset(["logs:CreateLogStream", "logs:PutLogEvents"]) && alltrue([for resource in statement.Resource : startswith(resource, "${aws_cloudwatch_log_group.trail.arn}:log-stream:") && strcontains(resource, "_CloudTrail_")])])
    error_message = "The role must write to the trail's own streams, and do nothing else."
  }

  assert {
    condition = alltrue([for metric, words in {
      RootUser          = ["\"Root\"", "invokedBy NOT EXISTS"]
      ConsoleWithoutMFA = ["\"ConsoleLogin\"", "MFAUsed != \"Yes\""]
      TrailChanges      = ["\"StopLogging\"", "\"DeleteTrail\"", "\"UpdateTrail\"", "\"PutEventSelectors\""]
      PolicyChanges     = ["\"iam.amazonaws.com\"", "\"*Policy\"", "\"*PolicyVersion\"", "\"*PermissionsBoundary\""]
      KeyChanges        = ["\"PutKeyPolicy\"", "\"DisableKey\"", "\"ScheduleKeyDeletion\""]
      RefusedCalls      = ["\"AccessDenied*\"", "\"*UnauthorizedOperation\""]
    } : alltrue([for word in words : strcontains(aws_cloudwatch_log_metric_filter.trail[metric].pattern, word)])])
    error_message = "The root user, sign-in without a second factor, changes to the trail, to policies and to keys, and denied calls must be counted."
  }

  assert {
    condition     = alltrue([for metric, filter in aws_cloudwatch_log_metric_filter.trail : filter.log_group_name == aws_cloudwatch_log_group.trail.name && filter.metric_transformation[0].name == metric && filter.metric_transformation[0].namespace == var.name && filter.metric_transformation[0].value == "1"])
    error_message = "Each event in the log must count as one in the metric that the alarm watches."
  }
}

run "delivery_are_taken_only_by_those_who_are_trusted" {
  command = apply

  variables {
    permissions_boundary_arn = "arn:aws:iam::123456789012:policy/boundary"

    delivery_roles = {
      deploy = {
        policy_arns = { read = "arn:aws:iam::aws:policy/ReadOnlyAccess" }
        statements = [
          { actions = ["ecs:UpdateService"], resources = ["arn:aws:ecs:xx-example-1:123456789012:service/example/example"] },
          { actions = ["iam:PassRole"], resources = ["arn:aws:iam::123456789012:role/example-task"], conditions = { StringEquals = { "iam:PassedToService" = ["ecs-tasks.amazonaws.com"] } } },
        ]
      }
      migrate = { max_session_seconds = 7200 }
    }
  }

  assert {
    condition     = alltrue([for key, role in aws_iam_role.delivery : role.name == "${var.environment}-${key}" && role.permissions_boundary == var.permissions_boundary_arn])
    error_message = "The name of a role must begin with its environment, and the boundary must apply to all of them."
  }

  assert {
    condition     = aws_iam_role.delivery["deploy"].max_session_duration == var.delivery_max_session_seconds && aws_iam_role.delivery["migrate"].max_session_duration == 7200
    error_message = "A session must end after the time set for its role, or for all of them."
  }

  assert {
    condition     = length(aws_iam_role_policy.delivery) == 1 && alltrue([for key, policy in aws_iam_role_policy.delivery : key == "deploy" && [for statement in jsondecode(policy.policy).Statement : statement.Action] == [["ecs:UpdateService"], ["iam:PassRole"]] && jsondecode(policy.policy).Statement[1].Condition.StringEquals["iam:PassedToService"] == ["ecs-tasks.amazonaws.com"]])
    error_message = "A role must be able to do what its statements say, under their conditions, and nothing else."
  }

  assert {
    condition     = { for key, attachment in aws_iam_role_policy_attachment.delivery : key => attachment.policy_arn } == { deploy-read = "arn:aws:iam::aws:policy/ReadOnlyAccess" }
    error_message = "A role must have the named policies, and no others."
  }
}

run "delivery_are_taken_only_by_jobs_of_the_organization" {
  command = apply

  assert {
    condition     = alltrue([for role in aws_iam_role.delivery : [for statement in jsondecode(role.assume_role_policy).Statement : [statement.Effect, statement.Action, statement.Principal]] == [["Allow", "sts:AssumeRoleWithWebIdentity", { Federated = var.oidc_provider_arn }]]])
    error_message = "Only tokens from the OIDC provider may assume a role."
  }

  assert {
    condition     = alltrue([for role in aws_iam_role.delivery : alltrue([for statement in jsondecode(role.assume_role_policy).Statement : jsonencode(statement.Condition) == jsonencode({ StringEquals = { "oidc.example.com:aud" = var.oidc.audience }, StringLike = { "oidc.example.com:sub" = var.oidc.subjects } })])])
    error_message = "Only tokens for this audience and these subjects may assume a role."
  }
}

run "delivery_refuse_everybody_who_uses_the_provider" {
  command = plan

  variables {
    oidc = { url = "https://oidc.example.com", audience = "sts.amazonaws.com", subjects = ["repo:*"] }
  }

  expect_failures = [var.oidc]
}

run "delivery_refuse_a_stranger_in_one_role" {
  command = plan

  variables {
    delivery_roles = { deploy = { trusted = ["arn:aws:iam::123456789012:root"] } }
  }

  expect_failures = [var.delivery_roles]
}

run "settings_are_safe_unless_a_resource_says_otherwise" {
  command = apply

  assert {
    condition     = aws_ebs_encryption_by_default.settings.enabled && aws_ebs_snapshot_block_public_access.settings.state == "block-all-sharing"
    error_message = "Volumes must be encrypted, and no snapshot may be public."
  }

  assert {
    condition     = aws_ec2_instance_metadata_defaults.settings.http_tokens == "required" && aws_ec2_instance_metadata_defaults.settings.http_put_response_hop_limit <= 2
    error_message = "Instances must require a token, and their metadata must reach no farther than their containers."
  }

  assert {
    condition     = aws_s3_account_public_access_block.settings.block_public_acls && aws_s3_account_public_access_block.settings.block_public_policy && aws_s3_account_public_access_block.settings.ignore_public_acls && aws_s3_account_public_access_block.settings.restrict_public_buckets
    error_message = "No bucket of the account may be public."
  }

  assert {
    condition     = aws_api_gateway_account.settings.cloudwatch_role_arn == aws_iam_role.settings_api_gateway.arn && aws_iam_role_policy_attachment.settings_api_gateway.role == aws_iam_role.settings_api_gateway.name && endswith(aws_iam_role_policy_attachment.settings_api_gateway.policy_arn, ":policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs")
    error_message = "API Gateway must have the role that writes logs, with the permissions for it."
  }

  assert {
    condition     = [for statement in jsondecode(aws_iam_role.settings_api_gateway.assume_role_policy).Statement : [statement.Effect, statement.Principal]] == [["Allow", { Service = "apigateway.amazonaws.com" }]] && endswith(aws_iam_role.settings_api_gateway.name, "-${data.aws_region.current.id}")
    error_message = "Only API Gateway may assume the role, which must have a different name in each region."
  }
}

run "monitoring_decides_what_silence_means" {
  command = apply # the actions are known only then

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.monitoring : alarm.treat_missing_data == "breaching" || alarm.treat_missing_data == "notBreaching" && alarm.comparison_operator == "GreaterThanThreshold"])
    error_message = "Missing data must be bad for a metric that must not fall."
  }

  assert {
    condition     = alltrue([for key, alarm in aws_cloudwatch_metric_alarm.monitoring : alarm.alarm_name == "${var.name}-${key}-alarm" && endswith(key, alarm.metric_name)])
    error_message = "The name of an alarm must consist of system, subject and metric: deployments refer to it by name."
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.monitoring : toset(alarm.alarm_actions) == toset(alarm.ok_actions) && length(alarm.alarm_actions) == 1])
    error_message = "An alarm must also send a notification when it clears."
  }
}

run "alarm_topic_calls_somebody" {
  command = apply

  variables {
    alarm_emails = ["ops@example.com"]
  }

  assert {
    condition     = aws_kms_key.monitoring.enable_key_rotation && aws_sns_topic.monitoring.kms_master_key_id == aws_kms_alias.monitoring.name && alltrue([for statement in jsondecode(aws_kms_key.monitoring.policy).Statement : statement.Principal == { Service = "cloudwatch.amazonaws.com" } && statement.Condition.StringEquals["aws:SourceAccount"] == data.aws_caller_identity.current.account_id && toset(statement.Action) == toset(["kms:Decrypt", "kms:GenerateDataKey*"]) if statement.Sid != "AccountByIAM"])
    error_message = "The topic must be encrypted with its own key, which allows only alarms of this account to publish."
  }

  assert {
    condition     = aws_sns_topic_subscription.monitoring["ops@example.com"].protocol == "email"
    error_message = "Alarms must reach the addresses."
  }
}

run "chat_only_reads" {
  command = apply

  assert {
    condition     = alltrue([for arn in aws_chatbot_slack_channel_configuration.monitoring.guardrail_policy_arns : endswith(arn, ":policy/CloudWatchReadOnlyAccess")]) && aws_iam_role_policy_attachment.monitoring_chatbot.policy_arn == one(aws_chatbot_slack_channel_configuration.monitoring.guardrail_policy_arns)
    error_message = "The channel may read metrics and logs, nothing else."
  }

  assert {
    condition     = jsondecode(aws_iam_role.monitoring_chatbot.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == data.aws_caller_identity.current.account_id
    error_message = "Only a channel of this account may use the role."
  }
}

run "chat_refuses_a_channel_without_a_workspace" {
  command = plan

  variables {
    alarm_slack = { workspace_id = "example", channel_id = "C0123ABCDEF" }
  }

  expect_failures = [var.alarm_slack]
}
