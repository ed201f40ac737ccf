resource "aws_acm_certificate" "end" {
  provider = aws.us_east_1

  domain_name       = "${var.name}.example.com"
  validation_method = "DNS"
  tags              = { Words = var.tier_words, Prefixes = join(",", keys(var.days_by_prefix)) }
}
