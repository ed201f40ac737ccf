# Ways in which account-baseline can lose a safe default, beside those that follow from the notes. mutation_data_test.go says how they are written.

# So many of them must be noticed by a rule of vet or a shipped test.
at_least = 53

# What TestFlatEqualsNestedCanFail breaks in the flat module alone, and how the difference to the nested one begins.
differences = [
  { set = aws_cloudtrail.trail.is_multi_region_trail, to = false, plan = "aws_cloudtrail.trail: is_multi_region_trail: nested true, flat false" },
  { set = aws_cloudtrail.trail.cloud_watch_logs_role_arn, to = aws_iam_role.settings_api_gateway.arn, state = "aws_cloudtrail.trail: " },
]

rendering "default" {
  mutations = [
    # Bucket of the trail
    { edit = aws_s3_bucket_policy.trail_bucket.policy, old = "\"Deny\"", new = "\"Allow\"" },
    { edit = aws_s3_bucket_policy.trail_bucket.policy, old = "\"aws:SourceArn\" = local.trail_bucket_writer_arn, \"s3:x-amz-acl\"", new = "\"s3:x-amz-acl\"" },
    { edit = aws_s3_bucket_policy.trail_bucket.policy, old = "StringEquals = { \"aws:SourceArn\" = local.trail_bucket_writer_arn }", new = "StringEquals = {}" },
    { edit = aws_s3_bucket_policy.trail_bucket.policy, old = ", \"s3:x-amz-acl\" = \"bucket-owner-full-control\"", new = "" },
    { edit = aws_s3_bucket_policy.trail_bucket.policy, old = "\"s3:PutObject\"", new = "\"s3:*\"" },
    { edit = aws_s3_bucket_policy.trail_bucket.policy, old = "/AWSLogs/", new = "/" },
    { set = aws_s3_bucket_public_access_block.trail_bucket.block_public_acls, to = false },
    { set = aws_s3_bucket_public_access_block.trail_bucket.block_public_policy, to = false },
    { set = aws_s3_bucket_public_access_block.trail_bucket.ignore_public_acls, to = false },
    { set = aws_s3_bucket_public_access_block.trail_bucket.restrict_public_buckets, to = false },
    { set = aws_s3_bucket_versioning.trail_bucket.versioning_configuration.status, to = "Suspended" },
    { set = aws_s3_bucket_server_side_encryption_configuration.trail_bucket.rule.apply_server_side_encryption_by_default.sse_algorithm, to = "AES256" },
    { set = aws_s3_bucket_lifecycle_configuration.trail_bucket.rule.expiration.days, to = 1 },
    { set = aws_s3_bucket_ownership_controls.trail_bucket.rule.object_ownership, to = "ObjectWriter" },
    { set = aws_s3_bucket.trail_bucket.force_destroy, to = true },

    # Trail
    { set = aws_cloudtrail.trail.enable_log_file_validation, to = false },
    { remove = aws_cloudtrail.trail.enable_log_file_validation },
    { add = aws_cloudtrail.trail.enable_logging, to = false },
    { remove = aws_cloudtrail.trail.kms_key_id },
    { remove = aws_cloudtrail.trail.cloud_watch_logs_group_arn },
    { remove = aws_cloudtrail.trail.advanced_event_selector },
    { set = aws_kms_key.trail_bucket.enable_key_rotation, to = false },
    { edit = aws_kms_key.trail_bucket.policy, old = "\"kms:GenerateDataKey\\*\"\n        Resource", new = "\"kms:*\"\n        Resource" },
    { edit = aws_kms_key.trail_bucket.policy, old = "StringEquals = \\{ \"aws:SourceArn\" = local.trail_bucket_writer_arn \\}", new = "StringEquals = {}" },
    { remove = aws_cloudwatch_log_group.trail.retention_in_days },
    { edit = aws_iam_role.trail.assume_role_policy, old = "StringEquals = \\{[^}]*\\}", new = "StringEquals = {}" },
    { edit = aws_iam_role_policy.trail.policy, old = "\"logs:CreateLogStream\"", new = "\"logs:*\"" },

    # Alarms
    { set = aws_cloudwatch_log_metric_filter.trail.pattern, to = "" },
    { remove = aws_cloudwatch_log_metric_filter.trail },
    { edit = aws_cloudwatch_log_metric_filter.trail.for_each, old = "\"\\{ \\$.userIdentity.type = [^\n]*", new = "\"\"" },
    { edit = aws_cloudwatch_log_metric_filter.trail.for_each, old = " \\|\\| \\$.eventName = .\"DeleteTrail.\"", new = "" },
    { set = aws_cloudwatch_log_metric_filter.trail.metric_transformation.value, to = "0" },
    { set = aws_cloudwatch_log_metric_filter.trail.metric_transformation.name, to = "Events" },
    { remove = aws_cloudwatch_metric_alarm.monitoring.alarm_actions },
    { remove = aws_sns_topic.monitoring.kms_master_key_id },

    # Delivery
    { edit = aws_iam_role.delivery.assume_role_policy, old = "\n +Condition = .*", new = "" },
    { edit = aws_iam_role.delivery.assume_role_policy, old = "AWS = [^}]*\\}", new = "AWS = \"*\" }" },
    { edit = aws_iam_role.delivery.assume_role_policy, old = "coalesce\\(each.value.trusted, var.trusted_principals\\)", new = "\"arn:aws:iam::123456789012:root\"" },
    { remove = aws_iam_role.delivery.permissions_boundary },
    { set = aws_iam_role.delivery.max_session_duration, to = 43200 },
    { set = aws_iam_role.delivery.name, to = "deploy" },
    { edit = aws_iam_role_policy.delivery.policy, old = "length\\(statement.conditions\\) == 0", new = "true" },
    { remove = aws_iam_role_policy_attachment.delivery },

    # Settings
    { set = aws_ebs_encryption_by_default.settings.enabled, to = false },
    { set = aws_ebs_snapshot_block_public_access.settings.state, to = "unblocked" },
    { set = aws_ec2_instance_metadata_defaults.settings.http_tokens, to = "optional" },
    { set = aws_ec2_instance_metadata_defaults.settings.http_put_response_hop_limit, to = 64 },
    { set = aws_s3_account_public_access_block.settings.block_public_policy, to = false },
    { set = aws_s3_account_public_access_block.settings.restrict_public_buckets, to = false },
    { edit = aws_iam_role.settings_api_gateway.assume_role_policy, old = "Service = \"apigateway.amazonaws.com\"", new = "AWS = \"*\"" },
    { edit = aws_iam_role_policy_attachment.settings_api_gateway.policy_arn, old = "service-role/AmazonAPIGatewayPushToCloudWatchLogs", new = "CloudWatchLogsFullAccess" },
  ]
}

rendering "oidc" {
  options = { delivery = "oidc", trail = "organization" }

  mutations = [
    { edit = aws_iam_role.delivery.assume_role_policy, old = "\n +StringLike .*", new = "" },
    { edit = aws_iam_role.delivery.assume_role_policy, old = "\n +StringEquals = .*", new = "" },
    { edit = aws_iam_role.delivery.assume_role_policy, old = "coalesce\\(each.value.trusted, var.oidc.subjects\\)", new = "\"*\"" },
    { edit = aws_s3_bucket_policy.trail_bucket.policy, old = "/AWSLogs/\\$\\{var.organization_id\\}/", new = "/" },
    { set = aws_cloudtrail.trail.is_organization_trail, to = false },
  ]
}
