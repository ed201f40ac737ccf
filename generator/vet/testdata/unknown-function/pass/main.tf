output "all" {
  value = jsonencode(merge({ a = 1 }, { b = core::max(1, 2), c = provider::aws::arn_parse("arn:aws:s3:::x") }))
}
