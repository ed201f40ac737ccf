# trivy:ignore:AWS-0089 CloudFront, the only reader, logs every request
resource "aws_s3_bucket" "this" {
  # checkov:skip=CKV_AWS_18:CloudFront, the only reader, logs every request
  # checkov:skip=CKV_AWS_144:the files can be rebuilt
  # checkov:skip=CKV_AWS_145:public files need no customer-managed key
  # checkov:skip=CKV2_AWS_62:nothing waits for a new file
  bucket = "${var.name}-static-${data.aws_caller_identity.current.account_id}-${data.aws_region.current.id}" # why: bucket names are globally unique

  force_destroy = var.disposable
}

data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

# notes: s3.block-public-access no access from public networks
resource "aws_s3_bucket_public_access_block" "this" {
  bucket = aws_s3_bucket.this.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    object_ownership = "BucketOwnerEnforced" # why: no ACLs: only the policy decides
  }
}

# trivy:ignore:AWS-0132 everyone may read the files, so a customer-managed key would protect nothing
resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id

  versioning_configuration {
    status = "Enabled" # why: a bad upload can be undone
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    id     = "old-versions"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}
