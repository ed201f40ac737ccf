mock_provider "aws" {}

# bpgen:if var.global && var.aws_provider == "5"
mock_provider "aws" {
  alias = "us_east_1"
}

variables {
  name        = "example"
  domain_name = "example.com"
  zone_id     = "Z0123456789ABCDEFGHIJ"
}

run "covers_the_domain" {
  command = plan

  assert {
    condition     = aws_acm_certificate.this.domain_name == var.domain_name && contains(aws_acm_certificate.this.subject_alternative_names, "*.${var.domain_name}")
    error_message = "The certificate must cover the domain and its subdomains."
  }

  # bpgen:if var.create_records
  assert {
    condition     = aws_acm_certificate.this.validation_method == "DNS" && aws_route53_record.validation[0].zone_id == var.zone_id
    error_message = "The certificate must be validated, and later renewed, by a record in the zone."
  }

  # bpgen:if var.global && var.aws_provider == "6"
  assert {
    condition     = aws_acm_certificate.this.region == "us-east-1"
    error_message = "CloudFront takes certificates from us-east-1 only."
  }
}
