mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name = "example"
}

run "are_private" {
  command = plan

  assert {
    condition     = aws_s3_bucket.this.force_destroy == var.disposable && endswith(aws_s3_bucket.this.bucket, "-${data.aws_region.current.id}")
    error_message = "A bucket with files in it may be deleted only where the environment is disposable, and its name must end with the region."
  }

  assert {
    condition     = aws_s3_bucket_public_access_block.this.block_public_acls && aws_s3_bucket_public_access_block.this.block_public_policy && aws_s3_bucket_public_access_block.this.ignore_public_acls && aws_s3_bucket_public_access_block.this.restrict_public_buckets
    error_message = "All public access to the static files must be blocked."
  }

  assert {
    condition     = aws_s3_bucket_ownership_controls.this.rule[0].object_ownership == "BucketOwnerEnforced" && aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled"
    error_message = "ACLs must be off, and a bad upload must be reversible."
  }
}
