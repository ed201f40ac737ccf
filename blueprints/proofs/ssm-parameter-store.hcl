proof "ssm-parameter-store.kms-encryption" {
  every "aws_ssm_parameter" {
    type = "SecureString"
  }

  some "aws_ecs_task_definition" {
    container_definitions = json(contains({
      secrets = contains({ name = "DB_HOST", valueFrom = "/example/DB_HOST" })
    }))
  }
}

proof "ssm-parameter-store.name-format" {
  every "aws_ssm_parameter" {
    name = matches("^/example/[A-Z_]+$")
  }
}
