# trivy:ignore:AWS-0033 the AWS managed key is enough; our own would cost money
resource "aws_ecr_repository" "registry" { # notes ecr.visibility, ecr.content-kind: private, for images
  name                 = var.name
  image_tag_mutability = "IMMUTABLE"    # notes ecr.tag-immutability, ecr.hash-tag: each version has its own tag, which cannot be overwritten
  force_delete         = var.disposable # why: otherwise a repository with images is not deleted

  image_scanning_configuration {
    scan_on_push = true # notes ecr.scan-on-push: for vulnerabilities in installed libraries
  }

  encryption_configuration {
    encryption_type = "KMS" # why: with the AWS managed key, whose use is shown in CloudTrail
  }
}

# notes iam.ecr-lifecycle-policy-needed-in-iac: a policy document, as Terraform needs it; departs from notes iam.ecr-lifecycle-policy
resource "aws_ecr_lifecycle_policy" "registry" {
  repository = aws_ecr_repository.registry.name

  policy = jsonencode({ # notes ecr.lifecycle-policy, ecr.lifecycle-match: by age and by number
    rules = [
      {
        rulePriority = 10 # notes ecr.lifecycle-priority: numbers need not be consecutive
        description  = "Delete untagged images after two weeks"
        selection    = { tagStatus = "untagged", countType = "sinceImagePushed", countUnit = "days", countNumber = 14 } # notes ecr.lifecycle-image-status: untagged ones
        action       = { type = "expire" }
      },
      {
        rulePriority = 90 # why: a rule for any image must come last
        description  = "Keep the newest images"
        selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 30 }
        action       = { type = "expire" }
      },
    ]
  })
}
