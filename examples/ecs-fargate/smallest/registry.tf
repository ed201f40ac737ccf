# trivy:ignore:AWS-0033 the key that AWS manages does; one of our own costs
resource "aws_ecr_repository" "registry" { # notes 13: private; holds images, and Helm charts just as well
  name                 = var.name
  image_tag_mutability = "IMMUTABLE"    # notes 13: a tag never comes to mean another image
  force_delete         = var.disposable # why: else a repository that holds images stays

  image_scanning_configuration {
    scan_on_push = true # notes 13: known weaknesses of libraries are reported
  }

  encryption_configuration {
    encryption_type = "KMS" # why: with the key that AWS manages, use of it shows in CloudTrail
  }
}

# notes 19: the console asks for it, Terraform writes it out
resource "aws_ecr_lifecycle_policy" "registry" {
  repository = aws_ecr_repository.registry.name

  policy = jsonencode({ # notes 13: by age and by number
    rules = [
      {
        rulePriority = 10 # notes 13: the lowest number is looked at first
        description  = "Untagged images go after two weeks"
        selection    = { tagStatus = "untagged", countType = "sinceImagePushed", countUnit = "days", countNumber = 14 } # notes 13: no tag, no use
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
