mock_resource "aws_cloudwatch_log_group" {
  defaults = { arn = "arn:aws:logs:xx-example-1:123456789012:log-group:example" }
}
