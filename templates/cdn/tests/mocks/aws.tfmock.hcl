mock_resource "aws_cloudfront_distribution" {
  defaults = { arn = "arn:aws:cloudfront::123456789012:distribution/E0123456789ABC" }
}

mock_data "aws_region" {
  defaults = { id = "xx-example-1" }
}
