deviation "codedeploy-task-definition-made" {
  notes    = ["codedeploy.taskdef-path", "codedeploy.taskdef-json"]
  when     = var.deployment == "codedeploy"
  rendered = "The build creates taskdef.json from the newest revision of the task definition, which Terraform manages."
  reason   = "A copy in the application's repository goes stale when Terraform changes a secret, a size or a role."
  restore  = "Commit taskdef.json, and set TaskDefinitionTemplateArtifact to source in pipeline.tf."
}

deviation "codebuild-current-commands" {
  notes    = ["codebuild.buildspec", "codebuild.docker-runtime", "codebuild.ecr-login"]
  rendered = "buildspec.yml logs in with get-login-password, sets no Docker runtime and builds each commit once."
  reason   = "The notes' phases, login and runtime no longer exist, and immutable tags reject a second push."
  restore  = "Nothing to restore: the notes' file does not run."
}

deviation "connection-instead-of-codecommit" {
  notes    = ["codepipeline.chain", "codepipeline.source-provider"]
  rendered = "The source comes from GitHub, GitLab or Bitbucket through a connection; ECS deploys, or CodeDeploy with deployment = \"codedeploy\"."
  reason   = "CodeCommit was closed to new customers in 2024, and CodeDeploy has no rolling update for ECS."
  restore  = "Change the provider of the source action to CodeCommit with RepositoryName and BranchName, and allow its role codecommit:GetBranch, GetCommit, UploadArchive, GetUploadArchiveStatus and CancelUploadArchive."
}
