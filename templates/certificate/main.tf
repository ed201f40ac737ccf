resource "aws_acm_certificate" "this" {
  # bpgen:if var.global && var.aws_provider == "5"
  provider = aws.us_east_1 # notes: acm.cloudfront-certificate-region CloudFront looks nowhere else

  # bpgen:if var.global && var.aws_provider == "6"
  region = "us-east-1" # notes: acm.cloudfront-certificate-region CloudFront looks nowhere else

  domain_name               = var.domain_name          # notes: acm.domain-name the name that users ask for
  subject_alternative_names = ["*.${var.domain_name}"] # notes: acm.wildcard-certificate the domain itself and its subdomains
  validation_method         = "DNS"                    # notes: acm.validation-method, acm.dns-validation-renewal renewed by itself while the record stays

  tags = { Name = var.name }

  lifecycle {
    create_before_destroy = true # notes: acm.validation-method-immutable a change needs a new one first
  }
}

# The domain and its wildcard are validated by one and the same record.
# notes: acm.dns-validation it proves that the domain is ours, and must stay
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
  # bpgen:if var.global && var.aws_provider == "5"
  provider = aws.us_east_1

  # bpgen:if var.global && var.aws_provider == "6"
  region = "us-east-1"

  certificate_arn         = aws_acm_certificate.this.arn # notes: acm.domain-ownership-must-be-proved waits until it is issued
  validation_record_fqdns = var.create_records ? aws_route53_record.validation[*].fqdn : null
}
