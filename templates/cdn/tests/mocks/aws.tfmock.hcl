mock_resource "aws_cloudfront_distribution" {
  defaults = {
    arn            = "arn:aws:cloudfront::123456789012:distribution/EDFDVBD6EXAMPLE"
    domain_name    = "d111111abcdef8.cloudfront.net"
    hosted_zone_id = "Z2FDTNDATAQYW2"
  }
}

mock_resource "aws_cloudfront_vpc_origin" {
  defaults = {
    id = "vo_0123456789abcdefABCDEF"
  }
}

mock_resource "aws_cloudfront_origin_request_policy" {
  defaults = {
    id = "01234567-89ab-cdef-0123-456789abcdef"
  }
}

mock_data "aws_cloudfront_cache_policy" {
  defaults = {
    id = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
  }
}

mock_data "aws_cloudfront_origin_request_policy" {
  defaults = {
    id = "bf0718e1-ba1e-49d1-88b1-f726733018ae"
  }
}

mock_data "aws_cloudfront_response_headers_policy" {
  defaults = {
    id = "67f7725c-6f97-4210-82d7-5512b31e9d03"
  }
}
