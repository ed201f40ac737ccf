mock_resource "aws_acm_certificate" {
  defaults = {
    arn = "arn:aws:acm:xx-example-1:123456789012:certificate/example"
    domain_validation_options = [{
      domain_name           = "example.com"
      resource_record_name  = "_a.example.com."
      resource_record_type  = "CNAME"
      resource_record_value = "_b.acm-validations.aws."
    }]
  }
}
