mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                 = "example"
  bucket_id            = "example-trail-123456789012-xx-example-1"
  key_arn              = "arn:aws:kms:xx-example-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
  organization         = true
  organization_id      = "o-a1b2c3d4e5"
  recorded_bucket_arns = ["arn:aws:s3:::example-orders"]
}

run "records_everything_for_those_who_may_read_it" {
  command = apply

  assert {
    condition     = aws_cloudtrail.this.is_multi_region_trail && aws_cloudtrail.this.include_global_service_events && aws_cloudtrail.this.enable_log_file_validation && aws_cloudtrail.this.enable_logging != false
    error_message = "The trail must record all regions and global services, and show whether a file was changed."
  }

  assert {
    condition     = aws_cloudtrail.this.s3_bucket_name == var.bucket_id && aws_cloudtrail.this.kms_key_id == var.key_arn && aws_cloudtrail.this.is_organization_trail == var.organization
    error_message = "The trail must write to its bucket, encrypted with the key of the bucket, for all accounts if configured."
  }

  assert {
    condition     = contains([for selector in aws_cloudtrail.this.advanced_event_selector : [for field in selector.field_selector : field.equals if field.field == "eventCategory"][0][0]], "Management")
    error_message = "Management events must be recorded."
  }

  # bpgen:if var.log_group
  assert {
    condition     = aws_cloudtrail.this.cloud_watch_logs_group_arn == "${aws_cloudwatch_log_group.this[0].arn}:*" && aws_cloudtrail.this.cloud_watch_logs_role_arn == aws_iam_role.this[0].arn && aws_cloudwatch_log_group.this[0].retention_in_days == var.log_retention_days
    error_message = "Events must go to the log, which is kept as long as configured."
  }

  # bpgen:if var.log_group
  assert {
    condition     = alltrue([for statement in jsondecode(aws_iam_role.this[0].assume_role_policy).Statement : statement.Effect == "Allow" && statement.Principal == { Service = "cloudtrail.amazonaws.com" } && endswith(statement.Condition.StringEquals["aws:SourceArn"], ":${data.aws_caller_identity.current.account_id}:trail/${var.name}")])
    error_message = "Only CloudTrail may assume the role, and only for this trail."
  }

  # bpgen:if var.log_group
  assert {
    condition     = alltrue([for statement in jsondecode(aws_iam_role_policy.this[0].policy).Statement : toset(statement.Action) == toset(["logs:CreateLogStream", "logs:PutLogEvents"]) && alltrue([for resource in statement.Resource : startswith(resource, "${aws_cloudwatch_log_group.this[0].arn}:log-stream:") && strcontains(resource, "_CloudTrail_")])])
    error_message = "The role must write to the trail's own streams, and do nothing else."
  }

  # bpgen:if var.alarms
  assert {
    condition = alltrue([for metric, words in {
      RootUser          = ["\"Root\"", "invokedBy NOT EXISTS"]
      ConsoleWithoutMFA = ["\"ConsoleLogin\"", "MFAUsed != \"Yes\""]
      TrailChanges      = ["\"StopLogging\"", "\"DeleteTrail\"", "\"UpdateTrail\"", "\"PutEventSelectors\""]
      PolicyChanges     = ["\"iam.amazonaws.com\"", "\"*Policy\"", "\"*PolicyVersion\"", "\"*PermissionsBoundary\""]
      KeyChanges        = ["\"PutKeyPolicy\"", "\"DisableKey\"", "\"ScheduleKeyDeletion\""]
      RefusedCalls      = ["\"AccessDenied*\"", "\"*UnauthorizedOperation\""]
    } : alltrue([for word in words : strcontains(aws_cloudwatch_log_metric_filter.this[metric].pattern, word)])])
    error_message = "The root user, sign-in without a second factor, changes to the trail, to policies and to keys, and denied calls must be counted."
  }

  # bpgen:if var.alarms
  assert {
    condition     = alltrue([for metric, filter in aws_cloudwatch_log_metric_filter.this : filter.log_group_name == aws_cloudwatch_log_group.this[0].name && filter.metric_transformation[0].name == metric && filter.metric_transformation[0].namespace == var.name && filter.metric_transformation[0].value == "1"])
    error_message = "Each event in the log must count as one in the metric that the alarm watches."
  }
}
