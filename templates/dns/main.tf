# An IPv6 record for an IPv4-only load balancer has no addresses and does no harm.
resource "aws_route53_record" "this" {
  for_each = toset(["A", "AAAA"]) # notes: route53.record-a, route53.record-aaaa alias records for IPv4 and IPv6

  zone_id = var.zone_id
  name    = var.domain_name
  type    = each.key

  alias {
    name                   = var.target_domain_name
    zone_id                = var.target_zone_id
    evaluate_target_health = false # why: there is no second target to turn to
  }
}
