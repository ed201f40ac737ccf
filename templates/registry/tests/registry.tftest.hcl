mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name        = "example"
  images_kept = 30
}

run "keeps_tags_and_scans" {
  command = plan

  assert {
    condition     = aws_ecr_repository.this.image_tag_mutability == "IMMUTABLE" && aws_ecr_repository.this.image_scanning_configuration[0].scan_on_push
    error_message = "A pushed image must be scanned, and its tag must never refer to another one."
  }

  assert {
    condition     = aws_ecr_repository.this.encryption_configuration[0].encryption_type == "KMS" && aws_ecr_repository.this.force_delete == var.disposable
    error_message = "Images must be encrypted with KMS, and a repository that contains some must not be deleted, unless it is disposable."
  }

  assert {
    condition     = [for rule in jsondecode(aws_ecr_lifecycle_policy.this.policy).rules : rule.selection.tagStatus] == ["untagged", "any"]
    error_message = "Only images without a tag and the oldest ones may be deleted."
  }
}
