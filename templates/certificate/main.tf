resource "aws_acm_certificate" "this" {
  domain_name               = var.domain_name
  subject_alternative_names = ["*.${var.domain_name}"] # notes: acm.wildcard-certificate a wildcard for the subdomains
  validation_method         = "DNS"                    # notes: acm.validation-method DNS or e-mail; with DNS it renews itself while the record exists

  tags = { Name = var.name }

  lifecycle {
    create_before_destroy = true # notes: acm.validation-method-immutable another method needs a new certificate
  }
}

# The domain and its wildcard are validated by the same record.
# notes: acm.dns-validation a CNAME record proves ownership of the domain
resource "aws_route53_record" "validation" {
  count = var.create_records ? 1 : 0

  zone_id         = var.zone_id
  name            = tolist(aws_acm_certificate.this.domain_validation_options)[0].resource_record_name
  type            = tolist(aws_acm_certificate.this.domain_validation_options)[0].resource_record_type
  records         = [tolist(aws_acm_certificate.this.domain_validation_options)[0].resource_record_value]
  ttl             = 300
  allow_overwrite = true # why: every certificate of this domain shares the record
}

resource "aws_acm_certificate_validation" "this" {
  certificate_arn         = aws_acm_certificate.this.arn # notes: acm.domain-ownership-must-be-proved before a certificate is issued
  validation_record_fqdns = var.create_records ? aws_route53_record.validation[*].fqdn : null
}
