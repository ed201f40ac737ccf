# notes: a.retention, a.key, a.talk, a.other
resource "aws_cloudwatch_log_group" "this" {
  name              = "x"
  retention_in_days = var.days
}

resource "aws_kms_key" "this" {
  count = var.key ? 1 : 0

  enable_key_rotation = true
}
