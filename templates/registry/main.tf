# trivy:ignore:AWS-0033 the key that AWS manages does; one of our own costs
resource "aws_ecr_repository" "this" {
  name                 = var.name
  image_tag_mutability = "IMMUTABLE" # notes: ecr.tag-immutability, ecr.hash-tag a tag never comes to mean another image

  image_scanning_configuration {
    scan_on_push = true # notes: ecr.scan-on-push known weaknesses of libraries are reported
  }

  encryption_configuration {
    encryption_type = "KMS" # why: with the key that AWS manages, use of it shows in CloudTrail
  }
}

resource "aws_ecr_lifecycle_policy" "this" {
  repository = aws_ecr_repository.this.name

  policy = jsonencode({ # notes: ecr.lifecycle-policy, ecr.lifecycle-match the newest stay, older ones go
    rules = [{
      rulePriority = 10
      description  = "Keep the newest images"
      selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = var.images_kept }
      action       = { type = "expire" }
    }]
  })
}
