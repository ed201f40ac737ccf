mock_resource "aws_cloudwatch_log_group" {
  defaults = { arn = "arn:aws:logs:xx-example-1:123456789012:log-group:example" }
}

mock_resource "aws_elasticache_replication_group" {
  defaults = { arn = "arn:aws:elasticache:xx-example-1:123456789012:replicationgroup:example-cache" }
}

mock_resource "aws_elasticache_user" {
  defaults = { arn = "arn:aws:elasticache:xx-example-1:123456789012:user:example-app" }
}
