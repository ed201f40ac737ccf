# notes 05, 24: every request starts here; there is one answer
resource "aws_route53_record" "dns" {
  for_each = toset(["A", "AAAA"]) # notes 24: one for IPv4, one for IPv6

  zone_id = var.hosted_zone_id
  name    = var.domain_name
  type    = each.key

  alias {
    name                   = aws_cloudfront_distribution.cdn.domain_name # notes 24: AWS assigns the name
    zone_id                = aws_cloudfront_distribution.cdn.hosted_zone_id
    evaluate_target_health = false # why: there is no second target to fail over to
  }
}
