resource "aws_acm_certificate" "certificate" {
  domain_name               = var.domain_name          # notes acm.domain-name: the name that users request
  subject_alternative_names = ["*.${var.domain_name}"] # notes acm.wildcard-certificate: the domain itself and its subdomains
  validation_method         = "DNS"                    # notes acm.validation-method, acm.dns-validation-renewal: renewed automatically while the record exists

  tags = { Name = var.name }

  lifecycle {
    create_before_destroy = true # notes acm.validation-method-immutable: a change needs a new certificate first
  }
}

# The domain and its wildcard are validated by one and the same record.
# notes acm.dns-validation: it proves ownership of the domain, and must stay
resource "aws_route53_record" "certificate_validation" {
  zone_id         = var.hosted_zone_id
  name            = tolist(aws_acm_certificate.certificate.domain_validation_options)[0].resource_record_name
  type            = tolist(aws_acm_certificate.certificate.domain_validation_options)[0].resource_record_type
  records         = [tolist(aws_acm_certificate.certificate.domain_validation_options)[0].resource_record_value]
  ttl             = 300
  allow_overwrite = true # why: every certificate of this domain shares the record
}

resource "aws_acm_certificate_validation" "certificate" {
  certificate_arn         = aws_acm_certificate.certificate.arn # notes acm.domain-ownership-must-be-proved: waits until the certificate is issued
  validation_record_fqdns = [aws_route53_record.certificate_validation.fqdn]
}

resource "aws_acm_certificate" "edge_certificate" {
  region = "us-east-1" # notes acm.cloudfront-certificate-region: the only region CloudFront accepts

  domain_name               = var.domain_name          # notes acm.domain-name: the name that users request
  subject_alternative_names = ["*.${var.domain_name}"] # notes acm.wildcard-certificate: the domain itself and its subdomains
  validation_method         = "DNS"                    # notes acm.validation-method, acm.dns-validation-renewal: renewed automatically while the record exists

  tags = { Name = "${var.name}-edge" }

  lifecycle {
    create_before_destroy = true # notes acm.validation-method-immutable: a change needs a new certificate first
  }
}

resource "aws_acm_certificate_validation" "edge_certificate" {
  region = "us-east-1"

  certificate_arn = aws_acm_certificate.edge_certificate.arn # notes acm.domain-ownership-must-be-proved: waits until the certificate is issued
}
