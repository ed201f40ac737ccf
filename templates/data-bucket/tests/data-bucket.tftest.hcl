mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name            = "example"
  purpose         = "trail"
  writer          = "organization-trail"
  trail_name      = "example"
  organization_id = "o-a1b2c3d4e5"
  retention_days  = 1095
}

run "is_private_and_kept" {
  command = apply

  assert {
    condition     = aws_s3_bucket.this.force_destroy == var.disposable && endswith(aws_s3_bucket.this.bucket, "-${data.aws_caller_identity.current.account_id}-${data.aws_region.current.id}")
    error_message = "A bucket with objects in it may be deleted only where that is configured, and its name must end with the account and the region."
  }

  assert {
    condition     = aws_s3_bucket_public_access_block.this.block_public_acls && aws_s3_bucket_public_access_block.this.block_public_policy && aws_s3_bucket_public_access_block.this.ignore_public_acls && aws_s3_bucket_public_access_block.this.restrict_public_buckets
    error_message = "All public access must be blocked."
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.this.rule[0].expiration[0].days == var.retention_days && aws_s3_bucket_lifecycle_configuration.this.rule[0].status == "Enabled" && aws_s3_bucket_versioning.this.versioning_configuration[0].status == "Enabled"
    error_message = "Objects must be kept as long as configured, and deleted ones must be recoverable."
  }

  assert {
    condition     = aws_s3_bucket_ownership_controls.this.rule[0].object_ownership == "BucketOwnerEnforced" && alltrue([for rule in aws_s3_bucket_server_side_encryption_configuration.this.rule : rule.apply_server_side_encryption_by_default[0].sse_algorithm == "AES256"])
    error_message = "ACLs must be off, and objects must be encrypted."
  }

  assert {
    condition     = anytrue([for statement in jsondecode(aws_s3_bucket_policy.this.policy).Statement : statement.Principal == "*" && statement.Action == "s3:*" && length(statement.Resource) == 2 && statement.Condition == { Bool = { "aws:SecureTransport" = "false" } } if statement.Effect == "Deny"])
    error_message = "Requests without TLS must be refused."
  }

  assert {
    condition     = alltrue([for statement in jsondecode(aws_s3_bucket_policy.this.policy).Statement : statement.Principal == { Service = "cloudtrail.amazonaws.com" } && endswith(statement.Condition.StringEquals["aws:SourceArn"], ":${data.aws_caller_identity.current.account_id}:trail/${var.trail_name}") if statement.Effect == "Allow"])
    error_message = "Only CloudTrail may do anything, and only for this trail of this account."
  }

  assert {
    condition = toset([for statement in jsondecode(aws_s3_bucket_policy.this.policy).Statement : "${statement.Action} ${replace(statement.Resource, aws_s3_bucket.this.arn, "")}" if statement.Effect == "Allow"]) == toset(concat(
      var.writer == "nobody" ? [] : ["s3:GetBucketAcl ", "s3:PutObject /AWSLogs/${data.aws_caller_identity.current.account_id}/*"],
      var.writer == "organization-trail" ? ["s3:PutObject /AWSLogs/${var.organization_id}/*"] : [],
    ))
    error_message = "A trail must be able to check the bucket and to write below the prefixes of its accounts, and do nothing else."
  }

  assert {
    condition     = alltrue([for statement in jsondecode(aws_s3_bucket_policy.this.policy).Statement : statement.Condition.StringEquals["s3:x-amz-acl"] == "bucket-owner-full-control" if statement.Action == "s3:PutObject"])
    error_message = "What the trail writes must belong to the bucket's owner."
  }
}
