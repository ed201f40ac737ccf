locals {
  first  = "${local.second}-x"
  second = "${aws_security_group.a.id}-y"
}

resource "aws_security_group" "a" {
  name        = "a"
  description = local.first
}

resource "aws_security_group" "self" {
  name        = "b"
  description = aws_security_group.self.arn
}
