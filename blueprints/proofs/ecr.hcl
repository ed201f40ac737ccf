# The variable of the tag refuses latest.
proof "ecr.no-latest-tag" {
  some "variable" "image_tag" {
    validation {
      condition = matches("latest")
    }
  }

  every "aws_ecs_task_definition" {
    container_definitions = json(contains({ image = not(matches(":latest$")) }))
  }
}

# A tag is written once; which it is, the commit, is what the pipeline makes of it.
proof "ecr.hash-tag" {
  every "aws_ecr_repository" {
    image_tag_mutability = "IMMUTABLE"
  }

  file "runbooks/registry-push-an-image.md" {
    matches = "Tag each image with the commit it was built from"
  }
}
