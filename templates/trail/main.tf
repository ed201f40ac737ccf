# notes: cloudtrail.s3-log-delivery what users and roles do in the account, kept in a bucket
resource "aws_cloudtrail" "this" {
  # checkov:skip=CKV_AWS_252:alarms follow the events, nobody waits for a file
  # bpgen:if !var.log_group
  # checkov:skip=CKV2_AWS_10:the files in the bucket are enough here

  name           = var.name
  s3_bucket_name = var.bucket_id
  kms_key_id     = aws_kms_key.this.arn

  is_organization_trail         = var.organization
  is_multi_region_trail         = true # why: a thief works in a region that nobody looks at
  include_global_service_events = true # why: IAM, STS and CloudFront
  enable_log_file_validation    = true # why: a file that was changed or deleted later shows

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

  # Each event of data costs money, so only these buckets.
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

  depends_on = [aws_iam_role_policy.this] # why: CloudTrail tries the role when the trail is created
}

# For the trail's files and its log.
resource "aws_kms_key" "this" {
  description         = "Trail ${var.name}"
  enable_key_rotation = true

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AccountByIAM" # why: who may read the trail gets kms:Decrypt in IAM
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
          StringEquals = { "aws:SourceArn" = local.arn }
          StringLike   = { "kms:EncryptionContext:aws:cloudtrail:arn" = "arn:${data.aws_partition.current.partition}:cloudtrail:*:${data.aws_caller_identity.current.account_id}:trail/*" }
        }
      },
      {
        Sid       = "TrailLooksAtTheKey"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "kms:DescribeKey"
        Resource  = "*"
        Condition = { StringEquals = { "aws:SourceArn" = local.arn } }
      },
      # bpgen:if var.log_group
      {
        Sid       = "LogEncrypts"
        Effect    = "Allow"
        Principal = { Service = "logs.${data.aws_region.current.id}.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
        Resource  = "*"
        Condition = { ArnEquals = { "kms:EncryptionContext:aws:logs:arn" = local.log_arn } }
      },
    ]
  })
}

resource "aws_kms_alias" "this" {
  name          = "alias/${var.name}-trail"
  target_key_id = aws_kms_key.this.key_id
}

locals {
  # The trail and its log are created after the key that encrypts them, so their ARNs are put together from their names.
  arn      = "arn:${data.aws_partition.current.partition}:cloudtrail:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:trail/${var.name}"
  log_name = "/cloudtrail/${var.name}"
  log_arn  = "arn:${data.aws_partition.current.partition}:logs:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:log-group:${local.log_name}"
}

resource "aws_cloudwatch_log_group" "this" {
  count = var.log_group ? 1 : 0

  name              = local.log_name
  retention_in_days = var.log_retention_days
  kms_key_id        = aws_kms_key.this.arn
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
  # A trail of the organization names the streams of its members after the organization.
  stream_owners = concat([data.aws_caller_identity.current.account_id], var.organization ? [var.organization_id] : [])
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}
