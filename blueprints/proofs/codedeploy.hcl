proof "codedeploy.imagedefinitions-dynamic" {
  options = { pipeline = "codepipeline" }

  file "files/pipeline/buildspec.yml" {
    matches = "> imagedefinitions\\.json.*artifacts:\n +files:\n +- imagedefinitions\\.json"
  }
}

# The deployment waits for approval; no answer means no approval.
proof "codedeploy.manual-reroute" {
  options = { deployment = "codedeploy" }

  every "aws_codedeploy_deployment_group" {
    blue_green_deployment_config {
      deployment_ready_option {
        action_on_timeout    = "STOP_DEPLOYMENT"
        wait_time_in_minutes = at_least(1)
      }
    }
  }
}

proof "codedeploy.terminate-blue" {
  options = { deployment = "codedeploy" }

  every "aws_codedeploy_deployment_group" {
    blue_green_deployment_config {
      terminate_blue_instances_on_deployment_success {
        action = "TERMINATE"
      }
    }
  }
}

proof "codedeploy.appspec-path" {
  options = { pipeline = "codepipeline", deployment = "codedeploy" }

  every "aws_codepipeline" {
    stage {
      action {
        configuration = { AppSpecTemplatePath = "appspec.yml" }
      }
    }
  }

  file "files/pipeline/appspec.yml" {
    matches = "AWS::ECS::Service"
  }
}

proof "codedeploy.appspec-single-container" {
  options = { pipeline = "codepipeline", deployment = "codedeploy" }

  file "files/pipeline/appspec.yml" {
    matches = "ContainerName: app"
    lacks   = "ContainerName:.*ContainerName:"
  }
}

proof "codedeploy.appspec-task-definition-placeholder" {
  options = { pipeline = "codepipeline", deployment = "codedeploy" }

  file "files/pipeline/appspec.yml" {
    matches = "TaskDefinition: <TASK_DEFINITION>"
  }
}

proof "codedeploy.appspec-container-port" {
  every "aws_ecs_service" {
    load_balancer {
      container_port = 80
    }
  }
}

proof "codedeploy.appspec-platform-version" {
  options = { pipeline = "codepipeline", deployment = "codedeploy" }

  file "files/pipeline/appspec.yml" {
    matches = "PlatformVersion: \"1\\.4\\.0\""
  }
}

proof "codedeploy.imagedetail-json" {
  options = { pipeline = "codepipeline", deployment = "codedeploy" }

  every "aws_codepipeline" {
    stage {
      action {
        configuration = { Image1ContainerName = "IMAGE1_NAME", Image1ArtifactName = "build" }
      }
    }
  }

  file "files/pipeline/buildspec.yml" {
    matches = "> imageDetail\\.json.*<IMAGE1_NAME>"
  }
}

proof "codedeploy.imagedetail-dynamic" {
  options = { pipeline = "codepipeline", deployment = "codedeploy" }

  file "files/pipeline/buildspec.yml" {
    matches = "> imageDetail\\.json.*artifacts:\n +files:\n +- imageDetail\\.json"
  }
}

proof "codedeploy.taskdef-image-placeholder" {
  options = { pipeline = "codepipeline", deployment = "codedeploy" }

  file "files/pipeline/buildspec.yml" {
    matches = "\\.image\\) = \"<IMAGE1_NAME>\".*> taskdef\\.json"
  }

  every "aws_codepipeline" {
    stage {
      action {
        configuration = { Image1ContainerName = "IMAGE1_NAME" }
      }
    }
  }
}

proof "codedeploy.taskdef-launch-type" {
  every "aws_ecs_task_definition" {
    requires_compatibilities = ["FARGATE"]
  }
}

proof "codedeploy.taskdef-cpu" {
  profile = "prd"

  some "aws_ecs_task_definition" {
    cpu = 512
  }
}

proof "codedeploy.taskdef-memory" {
  profile = "prd"

  some "aws_ecs_task_definition" {
    memory = 1024
  }
}

proof "codedeploy.taskdef-essential" {
  every "aws_ecs_task_definition" {
    container_definitions = json(contains({ name = "app", essential = true }))
  }
}

proof "codedeploy.taskdef-port-mapping" {
  some "aws_ecs_task_definition" {
    container_definitions = json(contains({
      portMappings = contains({ containerPort = 80, hostPort = 80, protocol = "tcp" })
    }))
  }
}

# The system's name replaces "ecs".
proof "codedeploy.taskdef-secrets" {
  given = {
    service_secrets = { DB_PASSWORD = null }
  }

  some "aws_ecs_task_definition" {
    container_definitions = json(contains({
      secrets = contains({ name = "DB_PASSWORD", valueFrom = "/example/DB_PASSWORD" })
    }))
  }
}

proof "codedeploy.taskdef-log-driver" {
  given = {
    service_log_datetime_format = "\\[%Y-%m-%d %H:%M:%S\\]"
  }

  some "aws_ecs_task_definition" {
    container_definitions = json(contains({
      logConfiguration = {
        logDriver = "awslogs"
        options   = { awslogs-group = set(), awslogs-datetime-format = set(), awslogs-region = set(), awslogs-stream-prefix = set() }
      }
    }))
  }
}

proof "codedeploy.taskdef-log-datetime-format" {
  given = {
    service_log_datetime_format = "\\[%Y-%m-%d %H:%M:%S\\]"
  }

  some "aws_ecs_task_definition" {
    container_definitions = json(contains({
      logConfiguration = {
        options = { awslogs-datetime-format = "\\[%Y-%m-%d %H:%M:%S\\]" }
      }
    }))
  }
}

# Departed: the build creates it.
proof "codedeploy.taskdef-path" {
  options = { pipeline = "codepipeline", deployment = "codedeploy" }

  every "aws_codepipeline" {
    stage {
      action {
        configuration = { TaskDefinitionTemplateArtifact = "build", TaskDefinitionTemplatePath = "taskdef.json" }
      }
    }
  }

  file "files/pipeline/buildspec.yml" {
    matches = "> taskdef\\.json.*artifacts:.*- taskdef\\.json"
  }
}
