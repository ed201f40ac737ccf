# trivy:ignore:AWS-0089 a log of who reads the logs would need a bucket of its own
resource "aws_s3_bucket" "logs" {
  # checkov:skip=CKV_AWS_18:a log of who reads the logs would need a bucket of its own
  # checkov:skip=CKV_AWS_144:the logs matter in the region of what they are about
  # checkov:skip=CKV_AWS_145:load balancers cannot write to a bucket with a KMS key
  # checkov:skip=CKV2_AWS_62:nothing waits for a new log
  bucket = "${var.name}-logs-${data.aws_caller_identity.current.account_id}-${data.aws_region.current.id}" # why: bucket names are unique in the world

  force_destroy = var.disposable
}

# notes 25: log delivery works without
resource "aws_s3_bucket_public_access_block" "logs" {
  bucket = aws_s3_bucket.logs.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

# notes 25: it names who may write; the bucket stays private
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
      # notes 25: without it the load balancer cannot write
      {
        Sid       = "LoadBalancerLogs"
        Effect    = "Allow"
        Principal = { Service = "logdelivery.elasticloadbalancing.amazonaws.com" } # notes 25: one name for all regions
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.logs.arn}/alb/AWSLogs/${data.aws_caller_identity.current.account_id}/*" # notes 25: below a prefix: those of other accounts stay out
      },
    ]
  })

  depends_on = [aws_s3_bucket_public_access_block.logs] # why: S3 refuses two changes of a bucket at a time
}

# trivy:ignore:AWS-0132 load balancers write their logs only to buckets with the key of S3
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
    status = "Enabled" # why: a log that is overwritten or deleted can be brought back
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
  # checkov:skip=CKV2_AWS_65:CloudFront writes its logs by ACL
  bucket = aws_s3_bucket.logs.id

  rule {
    object_ownership = "BucketOwnerPreferred" # notes 25: only CloudFront needs ACLs, and no policy
  }
}
