# Only the principals in the policy, so nothing needs to be public.
proof "s3.bucket-policy-with-bpa-off" {
  rule "open-bucket-policy" {
    remove "aws_s3_bucket_policy" {
    }

    turn "aws_s3_bucket_public_access_block" {
      block_public_policy = false
    }
  }
}

proof "s3.log-bucket-policy-required" {
  some "aws_s3_bucket_policy" {
    policy = json({
      Statement = contains({
        Effect    = "Allow"
        Principal = { Service = "logdelivery.elasticloadbalancing.amazonaws.com" }
        Action    = "s3:PutObject"
      })
    })
  }

  every "aws_lb" {
    access_logs {
      bucket  = refers_to("aws_s3_bucket_policy")
      enabled = true
    }
  }
}

proof "s3.arn-suffix" {
  rule "bucket-arn" {
    add {
      text = <<-EOT
        resource "aws_s3_bucket_policy" "other" {
          bucket = aws_s3_bucket.logs.id

          policy = jsonencode({
            Version   = "2012-10-17"
            Statement = [{ Effect = "Allow", Principal = { Service = "logs.amazonaws.com" }, Action = "s3:PutObject", Resource = aws_s3_bucket.logs.arn }]
          })
        }
      EOT
    }
  }
}

proof "s3.alb-log-policy-required" {
  every "aws_lb" {
    access_logs {
      bucket  = refers_to("aws_s3_bucket_policy")
      enabled = true
    }
  }

  some "aws_s3_bucket_policy" {
    policy = json({
      Statement = contains({
        Effect    = "Allow"
        Principal = { Service = "logdelivery.elasticloadbalancing.amazonaws.com" }
        Action    = "s3:PutObject"
      })
    })
  }

  every "aws_s3_bucket_public_access_block" {
    block_public_acls       = true
    block_public_policy     = true
    ignore_public_acls      = true
    restrict_public_buckets = true
  }
}

proof "s3.cloudfront-read-policy-required" {
  options = { static_files = "bucket" }

  some "aws_s3_bucket_policy" {
    bucket = refers_to("aws_s3_bucket_public_access_block.static_files")

    policy = json({
      Statement = contains({
        Effect    = "Allow"
        Principal = { Service = "cloudfront.amazonaws.com" }
        Action    = one_of("s3:GetObject", contains("s3:GetObject"))
      })
    })
  }
}

# The architecture has no function of its own; a policy that allows one is reported.
proof "s3.lambda-no-bucket-policy" {
  rule "bucket-policy-lambda" {
    add {
      text = <<-EOT
        resource "aws_s3_bucket_policy" "function" {
          bucket = aws_s3_bucket.logs.id

          policy = jsonencode({
            Version   = "2012-10-17"
            Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "s3:GetObject", Resource = "$${aws_s3_bucket.logs.arn}/*" }]
          })
        }
      EOT
    }
  }
}

waive "s3.lambda-managed-policy" {
  reason = "The architecture has no Lambda function."
}

proof "s3.ip-restriction-required" {
  rule "bucket-policy-everyone" {
    add {
      text = <<-EOT
        resource "aws_s3_bucket_policy" "open" {
          bucket = aws_s3_bucket.logs.id

          policy = jsonencode({
            Version   = "2012-10-17"
            Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "$${aws_s3_bucket.logs.arn}/*" }]
          })
        }
      EOT
    }
  }
}

# Departed: the service's name, not the account ID.
proof "s3.alb-log-account-id" {
  some "aws_s3_bucket_policy" {
    policy = json({
      Statement = contains({ Effect = "Allow", Principal = { Service = "logdelivery.elasticloadbalancing.amazonaws.com" } })
    })
  }

  no "data" "aws_elb_service_account" {
  }
}

# Departed: all public access stays blocked.
proof "s3.cloudfront-log-public-access" {
  every "aws_s3_bucket_public_access_block" {
    block_public_acls       = true
    block_public_policy     = true
    ignore_public_acls      = true
    restrict_public_buckets = true
  }

  every "aws_cloudfront_distribution" {
    logging_config {
      bucket = refers_to("aws_s3_bucket_ownership_controls")
    }
  }

  some "aws_s3_bucket_ownership_controls" {
    rule {
      object_ownership = "BucketOwnerPreferred"
    }
  }
}
