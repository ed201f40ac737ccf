mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name           = "example"
  alb_logs       = true
  cdn_logs       = true
  retention_days = 365
}

run "log_bucket_is_private" {
  command = plan

  assert {
    condition     = aws_s3_bucket_public_access_block.this.block_public_acls && aws_s3_bucket_public_access_block.this.block_public_policy && aws_s3_bucket_public_access_block.this.ignore_public_acls && aws_s3_bucket_public_access_block.this.restrict_public_buckets
    error_message = "All public access to logs is blocked."
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.this.rule[0].expiration[0].days == var.retention_days
    error_message = "Logs expire after the retention period."
  }

  # bpgen:if var.alb_logs
  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "A load balancer can write to a bucket with S3's own keys only."
  }

  # bpgen:if var.cdn_logs
  assert {
    condition     = aws_s3_bucket_ownership_controls.this.rule[0].object_ownership == "BucketOwnerPreferred"
    error_message = "CloudFront's standard logs need ACLs."
  }
}
