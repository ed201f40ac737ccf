mock_resource "aws_ecr_repository" {
  defaults = { arn = "arn:aws:ecr:xx-example-1:123456789012:repository/example" }
}
