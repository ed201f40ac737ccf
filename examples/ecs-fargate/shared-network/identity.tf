# The identity of tasks: this group in the network, these roles in AWS.
resource "aws_security_group" "service" {
  name        = "${var.name}-service"
  description = "Tasks of ${var.name}"
  vpc_id      = var.network.vpc_id
}

# For the agent that starts the containers: pulls the image, reads the secrets, writes the logs.
resource "aws_iam_role" "service_execution" {
  name               = "${var.name}-execution-${data.aws_region.current.id}" # why: role names are global, and the system may run in a second region
  assume_role_policy = local.service_trust
}

resource "aws_iam_role_policy_attachment" "service_execution" {
  role       = aws_iam_role.service_execution.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy" # notes ecs-fargate.task-execution-role-managed-policy, ecs-fargate.task-execution-role-policy-document: pulls images and writes logs
}

# For the application: its AWS permissions are attached here.
# notes ecs-fargate.app-permissions-on-task-role, ecs-fargate.task-execution-role-distinct-from-task-role: a role separate from the agent's
resource "aws_iam_role" "service_task" {
  name               = "${var.name}-task-${data.aws_region.current.id}"
  assume_role_policy = local.service_trust
}

locals {
  service_trust = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" } # notes iam.ecs-tasks-trust-policy: nobody else can assume these roles
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } } # why: not even tasks of another account
    }]
  })
}
