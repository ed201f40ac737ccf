mock_data "aws_caller_identity" {
  defaults = { account_id = "123456789012" }
}

mock_data "aws_partition" {
  defaults = { partition = "aws" }
}

mock_data "aws_region" {
  defaults = { id = "xx-example-1" }
}

mock_resource "aws_cloudwatch_log_group" {
  defaults = { arn = "arn:aws:logs:xx-example-1:123456789012:log-group:example" }
}

mock_resource "aws_ecs_cluster" {
  defaults = { arn = "arn:aws:ecs:xx-example-1:123456789012:cluster/example" }
}

mock_resource "aws_ecs_task_definition" {
  defaults = { arn = "arn:aws:ecs:xx-example-1:123456789012:task-definition/example:1" }
}

mock_resource "aws_iam_role" {
  defaults = { arn = "arn:aws:iam::123456789012:role/example" }
}

mock_resource "aws_service_discovery_http_namespace" {
  defaults = { arn = "arn:aws:servicediscovery:xx-example-1:123456789012:namespace/ns-0123456789abcdef" }
}
