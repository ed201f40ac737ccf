mock_provider "aws" {
  source = "./tests/mocks"
}

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
  command = apply

  # bpgen:if !var.global || var.aws_provider == "5"
  assert {
    condition     = contains(aws_acm_certificate.this.subject_alternative_names, "*.${var.domain_name}") && aws_acm_certificate.this.validation_method == "DNS"
    error_message = "The certificate must cover the subdomains too, and be renewed by its DNS record."
  }

  # bpgen:if var.global && var.aws_provider == "6"
  assert {
    condition     = aws_acm_certificate.this.region == "us-east-1"
    error_message = "CloudFront takes certificates from us-east-1 only."
  }

  assert {
    condition     = aws_acm_certificate.this.domain_name == var.domain_name && aws_acm_certificate_validation.this.certificate_arn == aws_acm_certificate.this.arn
    error_message = "The certificate must be for the domain, and must not be used before it is issued."
  }

  # bpgen:if var.global && var.aws_provider == "6"
  assert {
    condition     = aws_acm_certificate_validation.this.region == "us-east-1"
    error_message = "The certificate must be validated in its own region."
  }
}
