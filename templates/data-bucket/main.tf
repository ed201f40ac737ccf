# trivy:ignore:AWS-0089 logging access to it would need another bucket
resource "aws_s3_bucket" "this" {
  # checkov:skip=CKV_AWS_18:logging access to it would need another bucket
  # checkov:skip=CKV_AWS_144:its contents are needed only in its own region
  # checkov:skip=CKV2_AWS_62:nothing waits for a new object
  bucket = "${var.name}-${var.purpose}-${data.aws_caller_identity.current.account_id}-${data.aws_region.current.id}" # why: bucket names are globally unique

  force_destroy = var.disposable

  depends_on = [aws_kms_key.this] # why: destroyed in reverse order, the key stays as long as the bucket and what it encrypted
}

# notes: s3.block-all-public-access no access from public networks
resource "aws_s3_bucket_public_access_block" "this" {
  bucket = aws_s3_bucket.this.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# notes: s3.bucket-policy it says which AWS service may write
resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "EncryptedTransportOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.this.arn, "${aws_s3_bucket.this.arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      # bpgen:if var.writer != "nobody"
      {
        Sid       = "TrailChecks" # why: CloudTrail checks that the bucket belongs to this account before it writes
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "s3:GetBucketAcl"
        Resource  = aws_s3_bucket.this.arn
        Condition = { StringEquals = { "aws:SourceArn" = local.writer_arn } }
      },
      # notes: cloudtrail.s3-log-delivery, s3.allow-other-aws-resources only from this trail
      # bpgen:if var.writer != "nobody"
      {
        Sid       = "TrailWrites"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.this.arn}/AWSLogs/${data.aws_caller_identity.current.account_id}/*" # notes: s3.arn-suffix ends in /*, below the account's own prefix
        Condition = { StringEquals = { "aws:SourceArn" = local.writer_arn, "s3:x-amz-acl" = "bucket-owner-full-control" } }
      },
      # bpgen:if var.writer == "organization-trail"
      {
        Sid       = "TrailWritesForMembers"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.this.arn}/AWSLogs/${var.organization_id}/*"
        Condition = { StringEquals = { "aws:SourceArn" = local.writer_arn, "s3:x-amz-acl" = "bucket-owner-full-control" } }
      },
    ]
  })

  depends_on = [aws_s3_bucket_public_access_block.this] # why: S3 refuses concurrent changes to a bucket
}

locals {
  # The trail is created after the bucket that it writes to, so its ARN is built from its name.
  writer_arn = "arn:${data.aws_partition.current.partition}:cloudtrail:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:trail/${var.trail_name}"
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.this.arn
    }
  }
}

# For the objects: readers need kms:Decrypt as well as access to the bucket.
resource "aws_kms_key" "this" {
  description         = "Bucket ${var.name}-${var.purpose}"
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
      # bpgen:if var.writer != "nobody"
      {
        Sid       = "TrailEncrypts"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "kms:GenerateDataKey*"
        Resource  = "*"
        Condition = {
          StringEquals = { "aws:SourceArn" = local.writer_arn }
          StringLike   = { "kms:EncryptionContext:aws:cloudtrail:arn" = "arn:${data.aws_partition.current.partition}:cloudtrail:*:${data.aws_caller_identity.current.account_id}:trail/*" }
        }
      },
      # bpgen:if var.writer != "nobody"
      {
        Sid       = "TrailLooksAtTheKey"
        Effect    = "Allow"
        Principal = { Service = "cloudtrail.amazonaws.com" }
        Action    = "kms:DescribeKey"
        Resource  = "*"
        Condition = { StringEquals = { "aws:SourceArn" = local.writer_arn } }
      },
    ]
  })
}

resource "aws_kms_alias" "this" {
  name          = "alias/${var.name}-${var.purpose}"
  target_key_id = aws_kms_key.this.key_id
}

resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id

  versioning_configuration {
    status = "Enabled" # why: an overwritten or deleted object can be restored
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    id     = "expire"
    status = "Enabled"

    filter {}

    expiration {
      days = var.retention_days
    }

    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}

resource "aws_s3_bucket_ownership_controls" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    object_ownership = "BucketOwnerEnforced" # why: ACLs are off, so that only the policy decides
  }
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}
