mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                   = "example"
  codedeploy_application = "example"
  codedeploy_group       = "example"
  repository             = "example/web"
  repository_name        = "example"
  repository_arn         = "arn:aws:ecr:xx-example-1:123456789012:repository/example"
  cluster_name           = "example"
  service_name           = "example"
  container_name         = "app"
  task_definition_family = "example"
  execution_role_arn     = "arn:aws:iam::123456789012:role/example-execution"
  task_role_arn          = "arn:aws:iam::123456789012:role/example-task"
}

run "deploys_every_commit" {
  command = apply

  assert {
    condition     = [for stage in aws_codepipeline.this.stage : stage.name] == ["Source", "Build", "Deploy"]
    error_message = "A commit must be fetched, built and deployed, in this order."
  }

  assert {
    condition     = aws_codebuild_project.this.source[0].buildspec == "buildspec.yml" && aws_codebuild_project.this.environment[0].privileged_mode && (aws_codebuild_project.this.environment[0].type == "ARM_CONTAINER") == (var.architecture == "ARM64")
    error_message = "The build must follow the repository's buildspec.yml and be able to build images for the tasks' CPU architecture."
  }

  assert {
    condition     = aws_s3_bucket_public_access_block.this.block_public_acls && aws_s3_bucket_public_access_block.this.block_public_policy && aws_s3_bucket_public_access_block.this.ignore_public_acls && aws_s3_bucket_public_access_block.this.restrict_public_buckets
    error_message = "Nobody outside may read what the pipeline stores."
  }

  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.this.rule).apply_server_side_encryption_by_default).kms_master_key_id == aws_kms_key.this.arn && one(aws_codepipeline.this.artifact_store).encryption_key[0].id == aws_kms_key.this.arn && aws_codebuild_project.this.encryption_key == aws_kms_key.this.arn && aws_kms_key.this.enable_key_rotation
    error_message = "Pipeline artifacts must be encrypted with their own key, which is rotated."
  }

  assert {
    condition     = alltrue([for policy in [aws_iam_role_policy.this, aws_iam_role_policy.build] : anytrue([for statement in jsondecode(policy.policy).Statement : contains(flatten([statement.Action]), "kms:Decrypt") && statement.Resource == aws_kms_key.this.arn])])
    error_message = "The pipeline and the build must be able to use the key, and only this one."
  }

  # The connection uploads the source with an ACL; without these actions the first stage is denied.
  assert {
    condition     = alltrue([for action in ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:PutObjectAcl", "s3:GetBucketAcl", "s3:GetBucketLocation", "s3:GetBucketVersioning"] : contains(flatten([for statement in jsondecode(aws_iam_role_policy.this.policy).Statement : statement.Action if startswith(flatten([statement.Resource])[0], aws_s3_bucket.this.arn)]), action)])
    error_message = "The pipeline must be able to store the source in its bucket."
  }

  assert {
    condition     = alltrue([for name in [aws_iam_role.this.name, aws_iam_role.build.name, aws_s3_bucket.this.bucket] : endswith(name, "-${data.aws_region.current.id}")])
    error_message = "Global names must contain the region, so that the system can be deployed in a second region."
  }

  # bpgen:if var.deployment == "codedeploy"
  assert {
    condition     = var.deployment != "codedeploy" || try(aws_codepipeline.this.stage[2].action[0].configuration.TaskDefinitionTemplateArtifact == "build" && contains([for variable in aws_codebuild_project.this.environment[0].environment_variable : variable.name], "TASK_FAMILY"), false)
    error_message = "CodeDeploy's task definition must be made from the newest revision, not kept by hand."
  }

  assert {
    condition     = length(setsubtract(["AWS_ACCOUNT_ID", "IMAGE_REPO_NAME"], aws_codebuild_project.this.environment[0].environment_variable[*].name)) == 0
    error_message = "The build must know the repository of the image."
  }

  # bpgen:if var.deployment == "codedeploy"
  assert {
    condition     = alltrue([for option, value in { AppSpecTemplatePath = "appspec.yml", TaskDefinitionTemplatePath = "taskdef.json", Image1ArtifactName = "build", Image1ContainerName = "IMAGE1_NAME" } : aws_codepipeline.this.stage[2].action[0].configuration[option] == value])
    error_message = "CodeDeploy must find the files of the repository and of the build."
  }
}
