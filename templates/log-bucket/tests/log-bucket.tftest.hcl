mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name           = "example"
  alb_logs       = true
  cdn_logs       = true
  retention_days = 365
}

run "are_private_and_kept" {
  command = apply

  assert {
    condition     = aws_s3_bucket.this.force_destroy == var.disposable && endswith(aws_s3_bucket.this.bucket, "-${data.aws_region.current.id}")
    error_message = "A bucket with files in it may be deleted only where the environment is disposable, and its name must end with the region."
  }

  assert {
    condition     = aws_s3_bucket_public_access_block.this.block_public_acls && aws_s3_bucket_public_access_block.this.block_public_policy && aws_s3_bucket_public_access_block.this.ignore_public_acls && aws_s3_bucket_public_access_block.this.restrict_public_buckets
    error_message = "All public access to the logs must be blocked."
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.this.rule[0].expiration[0].days == var.retention_days && aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled"
    error_message = "Logs must be kept as long as configured, and deleted logs must be recoverable."
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.this.rule[0].expiration[0].days >= 30
    error_message = "Logs must be kept for at least a month, because faults and attacks are found late."
  }

  assert {
    condition     = anytrue([for statement in jsondecode(aws_s3_bucket_policy.this.policy).Statement : statement.Principal == "*" && statement.Action == "s3:*" && statement.Condition == { Bool = { "aws:SecureTransport" = "false" } } if statement.Effect == "Deny"])
    error_message = "Requests without TLS must be refused."
  }

  assert {
    condition     = alltrue([for statement in jsondecode(aws_s3_bucket_policy.this.policy).Statement : statement.Principal == { Service = "logdelivery.elasticloadbalancing.amazonaws.com" } && statement.Action == "s3:PutObject" if statement.Effect == "Allow"])
    error_message = "Only the load balancer may do anything, and it may only write."
  }

  assert {
    condition     = alltrue([for rule in aws_s3_bucket_server_side_encryption_configuration.this.rule : rule.apply_server_side_encryption_by_default[0].sse_algorithm == "AES256"]) && aws_s3_bucket_ownership_controls.this.rule[0].object_ownership == (var.cdn_logs ? "BucketOwnerPreferred" : "BucketOwnerEnforced")
    error_message = "Logs must be encrypted, and ACLs must be off unless CloudFront writes through them."
  }
}
