# Contains the records of the domain and of all names below it.
resource "aws_route53_zone" "this" {
  # checkov:skip=CKV2_AWS_38:DNSSEC needs a record at the registrar first
  # checkov:skip=CKV2_AWS_39:CloudFront and the load balancer log every request that matters
  name    = var.domain_name
  comment = "Managed by Terraform"

  force_destroy = var.disposable
}

# notes: route53.record-type mail, other servers, proofs of ownership
resource "aws_route53_record" "this" {
  for_each = var.records

  zone_id = aws_route53_zone.this.zone_id
  name    = each.value.name == "" ? var.domain_name : "${each.value.name}.${var.domain_name}"
  type    = each.value.type
  ttl     = each.value.ttl
  records = each.value.values
}
