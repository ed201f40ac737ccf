mock_resource "aws_cloudwatch_log_group" {
  defaults = { arn = "arn:aws:logs:xx-example-1:123456789012:log-group:example" }
}

mock_resource "aws_db_proxy" {
  defaults = { arn = "arn:aws:rds:xx-example-1:123456789012:db-proxy:prx-0123456789abcdef0" }
}

mock_resource "aws_db_proxy_default_target_group" {
  defaults = { name = "default" }
}

mock_resource "aws_iam_role" {
  defaults = { arn = "arn:aws:iam::123456789012:role/example" }
}

mock_resource "aws_secretsmanager_secret" {
  defaults = { arn = "arn:aws:secretsmanager:xx-example-1:123456789012:secret:example-db-user-AbCdEf" }
}
