proof "codebuild.buildspec-path" {
  options = { pipeline = "codepipeline" }

  every "aws_codebuild_project" {
    source {
      buildspec = "buildspec.yml"
    }
  }

  file "files/pipeline/buildspec.yml" {
    matches = "version: 0\\.2"
  }
}

proof "codebuild.buildspec-version" {
  options = { pipeline = "codepipeline" }

  file "files/pipeline/buildspec.yml" {
    matches = "\nversion: 0\\.2\n"
  }
}

proof "codebuild.image-tag" {
  options = { pipeline = "codepipeline" }

  file "files/pipeline/buildspec.yml" {
    matches = "\n +- IMAGE_TAG=\\$CODEBUILD_RESOLVED_SOURCE_VERSION\n"
  }
}

proof "codebuild.repository-uri" {
  options = { pipeline = "codepipeline" }

  file "files/pipeline/buildspec.yml" {
    matches = "REPOSITORY_URI=\\$AWS_ACCOUNT_ID\\.dkr\\.ecr\\.\\$AWS_DEFAULT_REGION\\.amazonaws\\.com/\\$IMAGE_REPO_NAME"
  }

  every "aws_codebuild_project" {
    environment {
      environment_variable {
        name = "AWS_ACCOUNT_ID"
      }

      environment_variable {
        name = "IMAGE_REPO_NAME"
      }
    }
  }
}

proof "codebuild.docker-build" {
  options = { pipeline = "codepipeline" }

  file "files/pipeline/buildspec.yml" {
    matches = "docker build --tag \"\\$REPOSITORY_URI:\\$IMAGE_TAG\" --file Dockerfile \\."
  }
}

proof "codebuild.image-detail" {
  options = { pipeline = "codepipeline", deployment = "codedeploy" }

  file "files/pipeline/buildspec.yml" {
    matches = "printf '\\{\"Version\":\"1\\.0\",\"ImageURI\":\"%s\"\\}' \"\\$REPOSITORY_URI:\\$IMAGE_TAG\" > imageDetail\\.json.*artifacts:\n +files:\n +- imageDetail\\.json"
  }
}

# Departed: the build image has Docker.
proof "codebuild.docker-runtime" {
  options = { pipeline = "codepipeline" }

  file "files/pipeline/buildspec.yml" {
    matches = "\nphases:\n"
    lacks   = "\n +runtime-versions:"
  }

  every "aws_codebuild_project" {
    environment {
      privileged_mode = true
    }
  }
}

# Departed: with the command that still exists.
proof "codebuild.ecr-login" {
  options = { pipeline = "codepipeline" }

  file "files/pipeline/buildspec.yml" {
    matches = "pre_build:.*aws ecr get-login-password \\| docker login --username AWS --password-stdin"
    lacks   = "get-login "
  }
}
