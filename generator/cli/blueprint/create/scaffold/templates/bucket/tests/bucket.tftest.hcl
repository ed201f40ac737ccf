mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name = "example-artifacts"
}

run "private" {
  command = plan

  assert {
    condition     = aws_s3_bucket_public_access_block.this.restrict_public_buckets
    error_message = "The bucket must not be public."
  }
}
