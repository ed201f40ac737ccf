resource "aws_codedeploy_app" "this" {
  name             = var.name
  compute_platform = "ECS"
}

# notes: codedeploy.ecs-blue-green-flow green starts on the other target group, is tested, and takes over
resource "aws_codedeploy_deployment_group" "this" {
  app_name               = aws_codedeploy_app.this.name
  deployment_group_name  = var.name
  deployment_config_name = "CodeDeployDefault.ECSAllAtOnce" # why: all requests move at once, after manual approval
  service_role_arn       = aws_iam_role.this.arn

  deployment_style {
    deployment_type   = "BLUE_GREEN" # why: the only type that CodeDeploy supports for ECS
    deployment_option = "WITH_TRAFFIC_CONTROL"
  }

  ecs_service {
    cluster_name = var.cluster_name
    service_name = var.service_name
  }

  load_balancer_info {
    target_group_pair_info {
      prod_traffic_route {
        listener_arns = [var.listener_arn]
      }

      test_traffic_route {
        listener_arns = [var.test_listener_arn] # why: testers see green before users do
      }

      target_group {
        name = var.target_group_name
      }

      target_group {
        name = var.green_target_group_name
      }
    }
  }

  blue_green_deployment_config {
    deployment_ready_option {
      action_on_timeout    = "STOP_DEPLOYMENT" # notes: codedeploy.manual-reroute users see green only after someone confirms
      wait_time_in_minutes = var.confirmation_minutes
    }

    terminate_blue_instances_on_deployment_success {
      action                           = "TERMINATE" # notes: codedeploy.terminate-blue blue is terminated after the switch
      termination_wait_time_in_minutes = 10          # why: time to switch back to blue immediately
    }
  }

  auto_rollback_configuration {
    enabled = true
    events  = ["DEPLOYMENT_FAILURE", "DEPLOYMENT_STOP_ON_ALARM"] # why: a version that does not start or triggers an alarm is rolled back
  }

  # An alarm that is already firing stops a deployment too, even one that would fix it.
  alarm_configuration {
    enabled = length(local.alarms) > 0
    alarms  = local.alarms
  }
}

locals {
  alarms = var.alarms == null ? var.own_alarms : var.alarms
}

# For CodeDeploy, which creates the task sets and moves the listeners.
resource "aws_iam_role" "this" {
  name = "${var.name}-codedeploy-${data.aws_region.current.id}" # why: role names are global

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "codedeploy.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "this" {
  role       = aws_iam_role.this.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/AWSCodeDeployRoleForECS" # why: passes roles only to tasks, and AWS keeps it up to date
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}
