# The tag is required, and latest is refused.
proof "ecr.no-latest-tag" {
  every "aws_ecs_task_definition" {
    container_definitions = refers_to("var.image_tag")
  }

  some "variable" "image_tag" {
    validation {
      condition = matches("var\\.image_tag != \"latest\"")
    }
  }
}

# A tag is written once; the pipeline uses the commit as the tag.
proof "ecr.hash-tag" {
  every "aws_ecr_repository" {
    image_tag_mutability = "IMMUTABLE"
  }

  file "runbooks/registry-push-an-image.md" {
    matches = "Tag each image with the commit it was built from"
  }
}
