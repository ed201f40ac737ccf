resource "aws_ecr_repository" "registry" {
  name                 = var.name
  image_tag_mutability = "IMMUTABLE" # notes 13: a tag never comes to mean another image

  image_scanning_configuration {
    scan_on_push = true # notes 13: known weaknesses of libraries are reported
  }

  encryption_configuration {
    encryption_type = "KMS" # why: with the key that AWS manages, use of it shows in CloudTrail
  }
}

resource "aws_ecr_lifecycle_policy" "registry" {
  repository = aws_ecr_repository.registry.name

  policy = jsonencode({ # notes 13: the newest stay, older ones go
    rules = [{
      rulePriority = 10
      description  = "Keep the newest images"
      selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 30 }
      action       = { type = "expire" }
    }]
  })
}
