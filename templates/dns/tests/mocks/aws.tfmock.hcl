mock_resource "aws_route53_record" {
  defaults = {
    fqdn = "example.com"
  }
}
