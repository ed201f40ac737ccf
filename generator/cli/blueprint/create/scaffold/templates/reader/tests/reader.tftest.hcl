mock_provider "aws" {
  source = "./tests/mocks"
}

# These values serve the template alone. In the module the blueprint gives the ARN: it
# is known when the bucket is there, and var.bucket_arn in an assertion follows the link.
variables {
  name       = "example-read"
  bucket_arn = "arn:aws:s3:::example-artifacts"
}

run "reads_one_bucket" {
  command = apply

  assert {
    condition     = alltrue([for s in data.aws_iam_policy_document.this.statement : alltrue([for r in s.resources : startswith(r, var.bucket_arn)])])
    error_message = "The policy must be about the bucket alone."
  }
}
