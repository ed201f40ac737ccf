mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name        = "example"
  domain_name = "example.com"
  zone_id     = "Z0123456789ABCDEFGHIJ"
}

run "covers_the_domain" {
  command = apply

  assert {
    condition     = contains(aws_acm_certificate.this.subject_alternative_names, "*.${var.domain_name}") && aws_acm_certificate.this.validation_method == "DNS"
    error_message = "The certificate must cover the subdomains too, and be renewed through its DNS record."
  }

  assert {
    condition     = aws_acm_certificate.this.domain_name == var.domain_name && aws_acm_certificate_validation.this.certificate_arn == aws_acm_certificate.this.arn
    error_message = "The certificate must be for the domain, and must not be used before it is issued."
  }
}
