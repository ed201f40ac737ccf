# trivy:ignore:AWS-0089 logging access to it would need another bucket
resource "aws_s3_bucket" "trail_bucket" {
  # checkov:skip=CKV_AWS_18:logging access to it would need another bucket
  # checkov:skip=CKV_AWS_144:its contents are needed only in its own region
  # checkov:skip=CKV2_AWS_62:nothing waits for a new object
  bucket = "${var.name}-trail-${data.aws_caller_identity.current.account_id}-${data.aws_region.current.id}" # why: bucket names are globally unique

  force_destroy = var.disposable

  depends_on = [aws_kms_key.trail_bucket] # why: destroyed in reverse order, the key stays as long as the bucket and what it encrypted
}

# notes s3.block-all-public-access: no access from public networks
resource "aws_s3_bucket_public_access_block" "trail_bucket" {
  bucket = aws_s3_bucket.trail_bucket.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# notes s3.bucket-policy: it says which AWS service may write
resource "aws_s3_bucket_policy" "trail_bucket" {
  bucket = aws_s3_bucket.trail_bucket.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "EncryptedTransportOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.trail_bucket.arn, "${aws_s3_bucket.trail_bucket.arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        Sid       = "TrailChecks" # why: CloudTrail checks that the bucket belongs to this account before it writes
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "s3:GetBucketAcl"
        Resource  = aws_s3_bucket.trail_bucket.arn
        Condition = { StringEquals = { "aws:SourceArn" = local.trail_bucket_writer_arn } }
      },
      # notes cloudtrail.s3-log-delivery, s3.allow-other-aws-resources: only from this trail
      {
        Sid       = "TrailWrites"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.trail_bucket.arn}/AWSLogs/${data.aws_caller_identity.current.account_id}/*" # notes s3.arn-suffix: ends in /*, below the account's own prefix
        Condition = { StringEquals = { "aws:SourceArn" = local.trail_bucket_writer_arn, "s3:x-amz-acl" = "bucket-owner-full-control" } }
      },
    ]
  })

  depends_on = [aws_s3_bucket_public_access_block.trail_bucket] # why: S3 refuses concurrent changes to a bucket
}

locals {
  # The trail is created after the bucket that it writes to, so its ARN is built from its name.
  trail_bucket_writer_arn = "arn:${data.aws_partition.current.partition}:cloudtrail:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:trail/${var.name}"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "trail_bucket" {
  bucket = aws_s3_bucket.trail_bucket.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.trail_bucket.arn
    }
  }
}

# For the objects: readers need kms:Decrypt as well as access to the bucket.
resource "aws_kms_key" "trail_bucket" {
  description         = "Bucket ${var.name}-trail"
  enable_key_rotation = true

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AccountByIAM" # why: readers and roles that write get their permissions in IAM
        Effect    = "Allow"
        Principal = { AWS = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root" }
        Action    = "kms:*"
        Resource  = "*"
      },
      {
        Sid       = "TrailEncrypts"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "kms:GenerateDataKey*"
        Resource  = "*"
        Condition = {
          StringEquals = { "aws:SourceArn" = local.trail_bucket_writer_arn }
          StringLike   = { "kms:EncryptionContext:aws:cloudtrail:arn" = "arn:${data.aws_partition.current.partition}:cloudtrail:*:${data.aws_caller_identity.current.account_id}:trail/*" }
        }
      },
      {
        Sid       = "TrailLooksAtTheKey"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "kms:DescribeKey"
        Resource  = "*"
        Condition = { StringEquals = { "aws:SourceArn" = local.trail_bucket_writer_arn } }
      },
    ]
  })
}

resource "aws_kms_alias" "trail_bucket" {
  name          = "alias/${var.name}-trail"
  target_key_id = aws_kms_key.trail_bucket.key_id
}

resource "aws_s3_bucket_versioning" "trail_bucket" {
  bucket = aws_s3_bucket.trail_bucket.id

  versioning_configuration {
    status = "Enabled" # why: an overwritten or deleted object can be restored
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "trail_bucket" {
  bucket = aws_s3_bucket.trail_bucket.id

  rule {
    id     = "expire"
    status = "Enabled"

    filter {}

    expiration {
      days = var.trail_retention_days
    }

    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.trail_bucket]
}

resource "aws_s3_bucket_ownership_controls" "trail_bucket" {
  bucket = aws_s3_bucket.trail_bucket.id

  rule {
    object_ownership = "BucketOwnerEnforced" # why: ACLs are off, so that only the policy decides
  }
}

locals {
  trail_alarms = {
    trail = {
      namespace  = var.name
      dimensions = {}
      metrics = {
        RootUser          = { statistic = "Sum", is = "above", threshold = 0, minutes = 1 }  # why: nobody needs the root user on an ordinary day
        ConsoleWithoutMFA = { statistic = "Sum", is = "above", threshold = 0, minutes = 1 }  # why: a password alone may be stolen
        TrailChanges      = { statistic = "Sum", is = "above", threshold = 0, minutes = 1 }  # why: an intruder covers the tracks first
        PolicyChanges     = { statistic = "Sum", is = "above", threshold = 0, minutes = 1 }  # why: this is how an intruder gains permissions; a deployment also changes policies, but at a known time
        KeyChanges        = { statistic = "Sum", is = "above", threshold = 0, minutes = 1 }  # why: without its key, data is lost
        RefusedCalls      = { statistic = "Sum", is = "above", threshold = 10, minutes = 1 } # why: some are refused every day, but not many at once
      }
    }
  }
}

# notes cloudtrail.s3-log-delivery: what users and roles do in the account, kept in a bucket
# trivy:ignore:AWS-0162 where no log group is wanted, the files in the bucket are enough
resource "aws_cloudtrail" "trail" {
  # checkov:skip=CKV_AWS_252:alarms use the events, and nothing waits for a file

  name           = var.name
  s3_bucket_name = aws_s3_bucket_policy.trail_bucket.bucket
  kms_key_id     = aws_kms_key.trail_bucket.arn

  is_organization_trail         = false
  is_multi_region_trail         = true # why: an attacker works in a region that nobody watches
  include_global_service_events = true # why: IAM and CloudFront belong to no region
  enable_log_file_validation    = true # why: shows a file that was changed or deleted later

  # notes cloudtrail.cloudwatch-integration: the same events a few minutes later in a log that can be searched
  cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.trail.arn}:*"
  cloud_watch_logs_role_arn  = aws_iam_role.trail.arn

  advanced_event_selector {
    name = "Management events"

    field_selector {
      field  = "eventCategory"
      equals = ["Management"]
    }
  }

  # Each data event costs money, so only these buckets are recorded.
  dynamic "advanced_event_selector" {
    for_each = length(var.trail_recorded_bucket_arns) == 0 ? [] : [var.trail_recorded_bucket_arns]

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

  depends_on = [aws_iam_role_policy.trail] # why: CloudTrail checks the role when the trail is created
}

locals {
  # The role is created before the trail that it is for, so the ARN of the trail is built from its name.
  trail_arn = "arn:${data.aws_partition.current.partition}:cloudtrail:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:trail/${var.name}"
}

# trivy:ignore:AWS-0017 CloudWatch Logs encrypts by default; a customer-managed key would only cost money
resource "aws_cloudwatch_log_group" "trail" {
  # checkov:skip=CKV_AWS_158:CloudWatch Logs encrypts by default; a customer-managed key would only cost money
  name              = "/cloudtrail/${var.name}"
  retention_in_days = var.trail_log_retention_days
}

# What should never happen, or never go unnoticed. Each event counts as one in a metric, which an alarm watches.
resource "aws_cloudwatch_log_metric_filter" "trail" {
  for_each = {
    ConsoleWithoutMFA = "{ $.eventName = \"ConsoleLogin\" && $.responseElements.ConsoleLogin = \"Success\" && $.userIdentity.type = \"IAMUser\" && $.additionalEventData.MFAUsed != \"Yes\" }"
    KeyChanges        = "{ $.eventSource = \"kms.amazonaws.com\" && ($.eventName = \"PutKeyPolicy\" || $.eventName = \"DisableKey\" || $.eventName = \"ScheduleKeyDeletion\") }"
    PolicyChanges     = "{ $.eventSource = \"iam.amazonaws.com\" && $.readOnly IS FALSE && ($.eventName = \"*Policy\" || $.eventName = \"*PolicyVersion\" || $.eventName = \"*PermissionsBoundary\") }"
    RefusedCalls      = "{ $.errorCode = \"AccessDenied*\" || $.errorCode = \"*UnauthorizedOperation\" }"
    RootUser          = "{ $.userIdentity.type = \"Root\" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != \"AwsServiceEvent\" }"
    TrailChanges      = "{ $.eventSource = \"cloudtrail.amazonaws.com\" && ($.eventName = \"StopLogging\" || $.eventName = \"DeleteTrail\" || $.eventName = \"UpdateTrail\" || $.eventName = \"PutEventSelectors\") }"
  }

  name           = "${var.name}-${each.key}"
  log_group_name = aws_cloudwatch_log_group.trail.name
  pattern        = each.value

  metric_transformation {
    namespace = var.name
    name      = each.key
    value     = "1" # notes cloudwatch-alarm.log-metric-value: each match counts as one
    unit      = "Count"
  }
}

# For CloudTrail, which writes to the log.
resource "aws_iam_role" "trail" {
  name = "${var.name}-trail-${data.aws_region.current.id}" # why: role names are global

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "cloudtrail.amazonaws.com" } # notes iam.trusted-entity-type: an AWS service
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceArn" = local.trail_arn } } # why: not for the trail of another account
    }]
  })
}

# notes iam.policy-attachment-style: inline, in this one role
resource "aws_iam_role_policy" "trail" {
  name = "write-to-the-log"
  role = aws_iam_role.trail.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect = "Allow"
      Action = ["logs:CreateLogStream", "logs:PutLogEvents"]
      Resource = [
        "${aws_cloudwatch_log_group.trail.arn}:log-stream:${data.aws_caller_identity.current.account_id}_CloudTrail_${data.aws_region.current.id}*",
      ]
    }]
  })
}
