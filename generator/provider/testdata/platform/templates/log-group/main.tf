resource "aws_cloudwatch_log_group" "this" {
  for_each = toset(concat([var.name], var.extra))

  name              = each.key
  retention_in_days = var.days

  tags = var.labels
}

resource "aws_ecs_cluster" "this" {
  name = var.name

  setting {
    name  = "containerInsights"
    value = var.insights ? "enabled" : "disabled"
  }
}
