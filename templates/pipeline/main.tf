# notes: codepipeline.chain source, build, deploy
resource "aws_codepipeline" "this" {
  name          = var.name
  role_arn      = aws_iam_role.this.arn
  pipeline_type = "V2"

  artifact_store {
    type     = "S3"
    location = aws_s3_bucket.this.bucket

    encryption_key {
      id   = aws_kms_key.this.arn
      type = "KMS"
    }
  }

  stage {
    name = "Source"

    action {
      name             = "Source"
      category         = "Source"
      owner            = "AWS"
      provider         = "CodeStarSourceConnection" # notes: codepipeline.source-provider GitHub and others, through a connection
      version          = "1"
      output_artifacts = ["source"]

      configuration = {
        ConnectionArn    = aws_codeconnections_connection.this.arn
        FullRepositoryId = var.repository
        BranchName       = var.branch
      }
    }
  }

  stage {
    name = "Build"

    action {
      name             = "Build"
      category         = "Build"
      owner            = "AWS"
      provider         = "CodeBuild"
      version          = "1"
      input_artifacts  = ["source"]
      output_artifacts = ["build"]

      configuration = {
        ProjectName = aws_codebuild_project.this.name
      }
    }
  }

  stage {
    name = "Deploy"

    action {
      name            = "Deploy"
      category        = "Deploy"
      owner           = "AWS"
      provider        = var.deployment == "codedeploy" ? "CodeDeployToECS" : "ECS"
      version         = "1"
      input_artifacts = var.deployment == "codedeploy" ? ["source", "build"] : ["build"]

      configuration = var.deployment == "codedeploy" ? {
        ApplicationName                = var.codedeploy_application
        DeploymentGroupName            = var.codedeploy_group
        AppSpecTemplateArtifact        = "source"
        AppSpecTemplatePath            = "appspec.yml" # notes: codedeploy.appspec-path in the root directory
        TaskDefinitionTemplateArtifact = "build"
        TaskDefinitionTemplatePath     = "taskdef.json" # notes: codedeploy.taskdef-path, codedeploy.taskdef-json in the root directory
        Image1ArtifactName             = "build"        # notes: codedeploy.imagedetail-json the image of imageDetail.json
        Image1ContainerName            = "IMAGE1_NAME"  # notes: codedeploy.taskdef-image-placeholder replaces <IMAGE1_NAME>
        } : {
        ClusterName = var.cluster_name
        ServiceName = var.service_name
        FileName    = "imagedefinitions.json" # notes: codedeploy.imagedefinitions-json a new revision with this image
      }
    }
  }
}

# It starts as pending: someone must approve it in the console once.
resource "aws_codeconnections_connection" "this" {
  name          = var.name
  provider_type = var.repository_provider
}

resource "aws_codebuild_project" "this" {
  # checkov:skip=CKV_AWS_316:building an image needs Docker, which needs privileged mode
  name           = var.name
  service_role   = aws_iam_role.build.arn
  build_timeout  = 30
  encryption_key = aws_kms_key.this.arn

  source {
    type      = "CODEPIPELINE"
    buildspec = "buildspec.yml" # notes: codebuild.buildspec-path in the root directory of the repository
  }

  artifacts {
    type = "CODEPIPELINE"
  }

  environment {
    type            = var.architecture == "ARM64" ? "ARM_CONTAINER" : "LINUX_CONTAINER" # why: Docker builds for the architecture it runs on
    compute_type    = "BUILD_GENERAL1_SMALL"
    image           = var.architecture == "ARM64" ? "aws/codebuild/amazonlinux-aarch64-standard:3.0" : "aws/codebuild/amazonlinux-x86_64-standard:5.0"
    privileged_mode = true # departs: codebuild.docker-runtime Docker, which builds the image, needs privileged mode

    # notes: codebuild.repository-uri the parts of the repository's address
    environment_variable {
      name  = "AWS_ACCOUNT_ID"
      value = data.aws_caller_identity.current.account_id
    }

    environment_variable {
      name  = "IMAGE_REPO_NAME"
      value = var.repository_name
    }

    dynamic "environment_variable" {
      for_each = var.deployment == "codedeploy" ? { TASK_FAMILY = var.task_definition_family } : {}

      content {
        name  = environment_variable.key
        value = environment_variable.value
      }
    }
  }

  cache {
    type  = "LOCAL"
    modes = ["LOCAL_DOCKER_LAYER_CACHE"]
  }

  logs_config {
    cloudwatch_logs {
      group_name = aws_cloudwatch_log_group.build.name
    }
  }
}

# trivy:ignore:AWS-0017 CloudWatch Logs encrypts by default; a customer-managed key would only cost money
resource "aws_cloudwatch_log_group" "build" {
  # checkov:skip=CKV_AWS_158:CloudWatch Logs encrypts by default; a customer-managed key would only cost money
  name              = "/codebuild/${var.name}"
  retention_in_days = var.log_retention_days
}

# Passes source and build from stage to stage.
# trivy:ignore:AWS-0089 only the pipeline reads it, and its runs are recorded
resource "aws_s3_bucket" "this" {
  # checkov:skip=CKV_AWS_18:CloudTrail shows who uses it, and nothing in it is kept
  # checkov:skip=CKV_AWS_144:the next run recreates what is lost
  # checkov:skip=CKV2_AWS_62:nothing waits for a new object
  bucket        = "${var.name}-pipeline-${data.aws_caller_identity.current.account_id}-${data.aws_region.current.id}"
  force_destroy = true # why: its contents come from the repository, so nothing is lost
}

resource "aws_s3_bucket_public_access_block" "this" {
  bucket = aws_s3_bucket.this.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_policy" "this" {
  bucket = aws_s3_bucket.this.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "EncryptedTransportOnly"
      Effect    = "Deny"
      Principal = "*"
      Action    = "s3:*"
      Resource  = [aws_s3_bucket.this.arn, "${aws_s3_bucket.this.arn}/*"]
      Condition = { Bool = { "aws:SecureTransport" = "false" } }
    }]
  })

  depends_on = [aws_s3_bucket_public_access_block.this] # why: S3 refuses concurrent changes to a bucket
}

# For source and build artifacts: read access to the bucket is not enough without the key.
resource "aws_kms_key" "this" {
  description         = "Pipeline of ${var.name}"
  enable_key_rotation = true

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "AccountByIAM" # why: the roles of the pipeline and the build have their permissions below
      Effect    = "Allow"
      Principal = { AWS = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root" }
      Action    = "kms:*"
      Resource  = "*"
    }]
  })
}

resource "aws_kms_alias" "this" {
  name          = "alias/${var.name}-pipeline"
  target_key_id = aws_kms_key.this.key_id
}

resource "aws_s3_bucket_server_side_encryption_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.this.arn
    }
  }
}

resource "aws_s3_bucket_versioning" "this" {
  bucket = aws_s3_bucket.this.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket = aws_s3_bucket.this.id

  rule {
    id     = "expire"
    status = "Enabled"

    filter {}

    expiration {
      days = 30
    }

    noncurrent_version_expiration {
      noncurrent_days = 1
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  depends_on = [aws_s3_bucket_versioning.this]
}

# For the pipeline: fetches, starts the build, deploys.
resource "aws_iam_role" "this" {
  name = "${var.name}-pipeline-${data.aws_region.current.id}" # why: role names are global

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "codepipeline.amazonaws.com" } # notes: iam.trusted-entity-type an AWS service
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })
}

# notes: iam.policy-attachment-style inline, in this one role
resource "aws_iam_role_policy" "this" {
  # checkov:skip=CKV_AWS_355:registering and reading task definitions do not support resource-level permissions
  # checkov:skip=CKV_AWS_290:registering task definitions does not support resource-level permissions
  name = "run-the-pipeline"
  role = aws_iam_role.this.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        # The connection uploads the source with an ACL.
        # notes: iam.statement-effect, iam.statement-action-resource which actions, on which resources
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:PutObjectAcl"]
        Resource = "${aws_s3_bucket.this.arn}/*"
      },
      {
        Effect   = "Allow"
        Action   = ["s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning"]
        Resource = aws_s3_bucket.this.arn
      },
      {
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
        Resource = aws_kms_key.this.arn
      },
      {
        Effect   = "Allow"
        Action   = ["codeconnections:UseConnection", "codestar-connections:UseConnection"] # why: some parts of AWS still use the old name
        Resource = aws_codeconnections_connection.this.arn
      },
      {
        Effect   = "Allow"
        Action   = ["codebuild:BatchGetBuilds", "codebuild:StartBuild"]
        Resource = aws_codebuild_project.this.arn
      },
      # bpgen:if var.deployment != "codedeploy"
      {
        Effect   = "Allow"
        Action   = ["ecs:DescribeServices", "ecs:UpdateService"]
        Resource = "arn:${data.aws_partition.current.partition}:ecs:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:service/${var.cluster_name}/${var.service_name}"
      },
      # bpgen:if var.deployment != "codedeploy"
      {
        Effect   = "Allow"
        Action   = ["ecs:DescribeTaskDefinition", "ecs:DescribeTasks", "ecs:ListTasks", "ecs:RegisterTaskDefinition"]
        Resource = "*"
      },
      # bpgen:if var.deployment == "codedeploy"
      {
        Effect = "Allow"
        Action = [
          "codedeploy:CreateDeployment",
          "codedeploy:GetApplication",
          "codedeploy:GetApplicationRevision",
          "codedeploy:GetDeployment",
          "codedeploy:GetDeploymentConfig",
          "codedeploy:RegisterApplicationRevision",
        ]
        Resource = [
          for part in [
            "application:${var.codedeploy_application}",
            "deploymentgroup:${var.codedeploy_application}/${var.codedeploy_group}",
            "deploymentconfig:*",
          ] : "arn:${data.aws_partition.current.partition}:codedeploy:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:${part}"
        ]
      },
      # bpgen:if var.deployment == "codedeploy"
      {
        Effect   = "Allow"
        Action   = ["ecs:DescribeTaskDefinition", "ecs:RegisterTaskDefinition"]
        Resource = "*"
      },
      {
        Effect    = "Allow"
        Action    = "ecs:TagResource"
        Resource  = "arn:${data.aws_partition.current.partition}:ecs:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:task-definition/${var.task_definition_family}:*"
        Condition = { StringEquals = { "ecs:CreateAction" = "RegisterTaskDefinition" } }
      },
      {
        Effect    = "Allow"
        Action    = "iam:PassRole"
        Resource  = [var.execution_role_arn, var.task_role_arn] # notes: codedeploy.taskdef-roles a task definition has both
        Condition = { StringEquals = { "iam:PassedToService" = "ecs-tasks.amazonaws.com" } }
      },
    ]
  })
}

# For the build: reads the source, writes logs, pushes the image.
resource "aws_iam_role" "build" {
  name = "${var.name}-build-${data.aws_region.current.id}"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "codebuild.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })
}

resource "aws_iam_role_policy" "build" {
  # checkov:skip=CKV_AWS_355:ECR tokens and reading task definitions do not support resource-level permissions
  name = "build-and-push"
  role = aws_iam_role.build.name

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect   = "Allow"
        Action   = ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject"]
        Resource = "${aws_s3_bucket.this.arn}/*"
      },
      {
        Effect   = "Allow"
        Action   = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
        Resource = aws_kms_key.this.arn
      },
      {
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.build.arn}:*"
      },
      {
        Effect   = "Allow"
        Action   = "ecr:GetAuthorizationToken"
        Resource = "*"
      },
      {
        Effect = "Allow"
        Action = [
          "ecr:BatchCheckLayerAvailability",
          "ecr:BatchGetImage",
          "ecr:CompleteLayerUpload",
          "ecr:DescribeImages",
          "ecr:GetDownloadUrlForLayer",
          "ecr:InitiateLayerUpload",
          "ecr:PutImage",
          "ecr:UploadLayerPart",
        ]
        Resource = var.repository_arn
      },
      # bpgen:if var.deployment == "codedeploy"
      {
        Effect   = "Allow"
        Action   = "ecs:DescribeTaskDefinition" # why: the build keeps everything except the image
        Resource = "*"
      },
    ]
  })
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}
