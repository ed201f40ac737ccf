# notes: cloudtrail.s3-log-delivery what users and roles do in the account, kept in a bucket
# trivy:ignore:AWS-0162 where no log group is wanted, the files in the bucket are enough
resource "aws_cloudtrail" "this" {
  # checkov:skip=CKV_AWS_252:alarms use the events, and nothing waits for a file
  # bpgen:if !var.log_group
  # checkov:skip=CKV2_AWS_10:the files in the bucket are enough here

  name           = var.name
  s3_bucket_name = var.bucket_id
  kms_key_id     = var.key_arn

  is_organization_trail         = var.organization
  is_multi_region_trail         = true # why: an attacker works in a region that nobody watches
  include_global_service_events = true # why: IAM and CloudFront belong to no region
  enable_log_file_validation    = true # why: shows a file that was changed or deleted later

  # notes: cloudtrail.cloudwatch-integration the same events a few minutes later in a log that can be searched
  cloud_watch_logs_group_arn = var.log_group ? "${aws_cloudwatch_log_group.this[0].arn}:*" : null
  cloud_watch_logs_role_arn  = var.log_group ? aws_iam_role.this[0].arn : null

  advanced_event_selector {
    name = "Management events"

    field_selector {
      field  = "eventCategory"
      equals = ["Management"]
    }
  }

  # Each data event costs money, so only these buckets are recorded.
  dynamic "advanced_event_selector" {
    for_each = length(var.recorded_bucket_arns) == 0 ? [] : [var.recorded_bucket_arns]

    content {
      name = "Objects of chosen buckets"

      field_selector {
        field  = "eventCategory"
        equals = ["Data"]
      }

      field_selector {
        field  = "resources.type"
        equals = ["AWS::S3::Object"]
      }

      field_selector {
        field       = "resources.ARN"
        starts_with = [for arn in advanced_event_selector.value : "${arn}/"]
      }
    }
  }

  depends_on = [aws_iam_role_policy.this] # why: CloudTrail checks the role when the trail is created
}

locals {
  # The role is created before the trail that it is for, so the ARN of the trail is built from its name.
  arn = "arn:${data.aws_partition.current.partition}:cloudtrail:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:trail/${var.name}"
}

# trivy:ignore:AWS-0017 CloudWatch Logs encrypts by default; a customer-managed key would only cost money
resource "aws_cloudwatch_log_group" "this" {
  count = var.log_group ? 1 : 0

  # checkov:skip=CKV_AWS_158:CloudWatch Logs encrypts by default; a customer-managed key would only cost money
  name              = "/cloudtrail/${var.name}"
  retention_in_days = var.log_retention_days
}

# What should never happen, or never go unnoticed. Each event counts as one in a metric, which an alarm watches.
resource "aws_cloudwatch_log_metric_filter" "this" {
  for_each = local.patterns

  name           = "${var.name}-${each.key}"
  log_group_name = aws_cloudwatch_log_group.this[0].name
  pattern        = each.value

  metric_transformation {
    namespace = var.name
    name      = each.key
    value     = "1" # notes: cloudwatch-alarm.log-metric-value each match counts as one
    unit      = "Count"
  }
}

locals {
  patterns = var.alarms ? {
    RootUser          = "{ $.userIdentity.type = \"Root\" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != \"AwsServiceEvent\" }"
    ConsoleWithoutMFA = "{ $.eventName = \"ConsoleLogin\" && $.responseElements.ConsoleLogin = \"Success\" && $.userIdentity.type = \"IAMUser\" && $.additionalEventData.MFAUsed != \"Yes\" }" # why: a person who signs in elsewhere has shown a second factor there
    TrailChanges      = "{ $.eventSource = \"cloudtrail.amazonaws.com\" && ($.eventName = \"StopLogging\" || $.eventName = \"DeleteTrail\" || $.eventName = \"UpdateTrail\" || $.eventName = \"PutEventSelectors\") }"
    PolicyChanges     = "{ $.eventSource = \"iam.amazonaws.com\" && $.readOnly IS FALSE && ($.eventName = \"*Policy\" || $.eventName = \"*PolicyVersion\" || $.eventName = \"*PermissionsBoundary\") }"
    KeyChanges        = "{ $.eventSource = \"kms.amazonaws.com\" && ($.eventName = \"PutKeyPolicy\" || $.eventName = \"DisableKey\" || $.eventName = \"ScheduleKeyDeletion\") }"
    RefusedCalls      = "{ $.errorCode = \"AccessDenied*\" || $.errorCode = \"*UnauthorizedOperation\" }"
  } : {}
}

# For CloudTrail, which writes to the log.
resource "aws_iam_role" "this" {
  count = var.log_group ? 1 : 0

  name = "${var.name}-trail-${data.aws_region.current.id}" # why: role names are global

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "cloudtrail.amazonaws.com" } # notes: iam.trusted-entity-type an AWS service
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceArn" = local.arn } } # why: not for the trail of another account
    }]
  })
}

# notes: iam.policy-attachment-style inline, in this one role
resource "aws_iam_role_policy" "this" {
  count = var.log_group ? 1 : 0

  name = "write-to-the-log"
  role = aws_iam_role.this[0].name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = [for owner in local.stream_owners : "${aws_cloudwatch_log_group.this[0].arn}:log-stream:${owner}_CloudTrail_${data.aws_region.current.id}*"]
    }]
  })
}

locals {
  # An organization's trail names the streams of its members after the organization.
  stream_owners = concat([data.aws_caller_identity.current.account_id], var.organization ? [var.organization_id] : [])
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}
