# trivy:ignore:AWS-0089 logging access to the logs would need another bucket
resource "aws_s3_bucket" "logs" {
  # checkov:skip=CKV_AWS_18:logging access to the logs would need another bucket
  # checkov:skip=CKV_AWS_144:the logs are needed only in the region of their resources
  # checkov:skip=CKV_AWS_145:load balancers cannot write to a bucket with a KMS key
  # checkov:skip=CKV2_AWS_62:nothing waits for a new log
  bucket = "${var.name}-logs-${data.aws_caller_identity.current.account_id}-${data.aws_region.current.id}" # why: bucket names are globally unique

  force_destroy = var.disposable
}

# notes s3.block-all-public-access: no access from public networks
resource "aws_s3_bucket_public_access_block" "logs" {
  bucket = aws_s3_bucket.logs.id

  block_public_acls       = true # why: logs need ACLs, not public access
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# notes s3.bucket-policy: it says which AWS service may write
resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "EncryptedTransportOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.logs.arn, "${aws_s3_bucket.logs.arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      # notes s3.log-bucket-policy-required, s3.alb-log-policy-required: without it the load balancer cannot write
      {
        Sid       = "LoadBalancerLogs"
        Effect    = "Allow"
        Principal = { Service = "logdelivery.elasticloadbalancing.amazonaws.com" } # departs from notes s3.alb-log-account-id: Account IDs by region are the older form and do not exist for newer regions
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.logs.arn}/alb/AWSLogs/${data.aws_caller_identity.current.account_id}/*" # notes s3.arn-suffix: ends in /*, below the account's own prefix
      },
    ]
  })

  depends_on = [aws_s3_bucket_public_access_block.logs] # why: S3 refuses concurrent changes to a bucket
}

# trivy:ignore:AWS-0132 load balancers write their logs only to buckets encrypted with SSE-S3
resource "aws_s3_bucket_server_side_encryption_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256" # why: the only encryption that load balancer logs allow
    }
  }
}

resource "aws_s3_bucket_versioning" "logs" {
  bucket = aws_s3_bucket.logs.id

  versioning_configuration {
    status = "Enabled" # why: an overwritten or deleted log can be restored
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id

  rule {
    id     = "expire"
    status = "Enabled"

    filter {}

    expiration {
      days = var.log_retention_days
    }

    noncurrent_version_expiration {
      noncurrent_days = 30
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.logs]
}

resource "aws_s3_bucket_ownership_controls" "logs" {
  # checkov:skip=CKV2_AWS_65:CloudFront writes its logs through an ACL
  bucket = aws_s3_bucket.logs.id

  rule {
    object_ownership = "BucketOwnerEnforced" # notes s3.cloudfront-log-no-policy: CloudFront needs ACLs, not a bucket policy
  }
}
