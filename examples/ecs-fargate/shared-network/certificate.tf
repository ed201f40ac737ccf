resource "aws_acm_certificate" "certificate" {
  domain_name               = var.domain_name
  subject_alternative_names = ["*.${var.domain_name}"] # notes acm.wildcard-certificate: a wildcard for the subdomains
  validation_method         = "DNS"                    # notes acm.validation-method: DNS or e-mail; with DNS it renews itself while the record exists

  tags = { Name = var.name }

  lifecycle {
    create_before_destroy = true # notes acm.validation-method-immutable: another method needs a new certificate
  }
}

# The domain and its wildcard are validated by the same record.
# notes acm.dns-validation: a CNAME record proves ownership of the domain
resource "aws_route53_record" "certificate_validation" {
  zone_id         = var.hosted_zone_id
  name            = tolist(aws_acm_certificate.certificate.domain_validation_options)[0].resource_record_name
  type            = tolist(aws_acm_certificate.certificate.domain_validation_options)[0].resource_record_type
  records         = [tolist(aws_acm_certificate.certificate.domain_validation_options)[0].resource_record_value]
  ttl             = 300
  allow_overwrite = true # why: every certificate of this domain shares the record
}

resource "aws_acm_certificate_validation" "certificate" {
  certificate_arn         = aws_acm_certificate.certificate.arn # notes acm.domain-ownership-must-be-proved: before a certificate is issued
  validation_record_fqdns = [aws_route53_record.certificate_validation.fqdn]
}

resource "aws_acm_certificate" "edge_certificate" {
  region = "us-east-1" # notes acm.cloudfront-certificate-region: where the certificate for CloudFront must be

  domain_name               = var.domain_name
  subject_alternative_names = ["*.${var.domain_name}"] # notes acm.wildcard-certificate: a wildcard for the subdomains
  validation_method         = "DNS"                    # notes acm.validation-method: DNS or e-mail; with DNS it renews itself while the record exists

  tags = { Name = "${var.name}-edge" }

  lifecycle {
    create_before_destroy = true # notes acm.validation-method-immutable: another method needs a new certificate
  }
}

resource "aws_acm_certificate_validation" "edge_certificate" {
  region = "us-east-1"

  certificate_arn = aws_acm_certificate.edge_certificate.arn # notes acm.domain-ownership-must-be-proved: before a certificate is issued
}
