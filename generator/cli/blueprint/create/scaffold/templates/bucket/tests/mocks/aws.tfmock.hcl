# What the provider would tell. All tests of a rendered module share the mocks of
# all its templates.
mock_resource "aws_s3_bucket" {
  defaults = {
    arn = "arn:aws:s3:::example-artifacts"
  }
}
