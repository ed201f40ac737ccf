# notes acm.pattern-route53-always, route53.routing-simple: every request starts here; there is one answer
resource "aws_route53_record" "dns" {
  for_each = toset(["A", "AAAA"]) # notes route53.record-a, route53.record-aaaa: one for IPv4, one for IPv6

  zone_id = var.hosted_zone_id
  name    = var.domain_name
  type    = each.key

  alias {
    name                   = aws_cloudfront_distribution.cdn.domain_name # notes route53.domain-name-cloudfront, route53.dns-name-alb: AWS assigns the name
    zone_id                = aws_cloudfront_distribution.cdn.hosted_zone_id
    evaluate_target_health = false # why: there is no second target to fail over to
  }
}
