mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name        = "example"
  images_kept = 30
}

run "images_are_immutable_and_scanned" {
  command = plan

  assert {
    condition     = aws_ecr_repository.this.image_tag_mutability == "IMMUTABLE" && aws_ecr_repository.this.image_scanning_configuration[0].scan_on_push
    error_message = "A pushed image is scanned, and its tag never means another one."
  }

  assert {
    condition     = jsondecode(aws_ecr_lifecycle_policy.this.policy).rules[0].selection.countNumber == var.images_kept
    error_message = "The repository keeps as many images as asked for."
  }
}
