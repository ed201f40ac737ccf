mock_provider "aws" {}

variables {
  name        = "example"
  images_kept = 30
}

run "keeps_tags_and_scans" {
  command = plan

  assert {
    condition     = aws_ecr_repository.this.image_tag_mutability == "IMMUTABLE" && aws_ecr_repository.this.image_scanning_configuration[0].scan_on_push
    error_message = "A pushed image must be scanned, and its tag must never mean another one."
  }
}
