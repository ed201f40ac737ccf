variable "name" {
  type    = string
  default = "x"
}

variable "upper" {
  type    = string
  default = upper(var.name)
}

resource "aws_eip" "main" {
  domain = "vpc"
  tags   = { Name = each.key, Index = count.index, Id = self.id }

  lifecycle {
    create_before_destroy = var.upper == "X"
  }
}

resource "aws_eip" "count" {
  count = 2

  domain = "vpc"
  tags   = { Name = each.value }
}

resource "aws_eip" "both" {
  count    = 2
  for_each = toset(["a"])

  domain = "vpc"
  tags   = { Name = count.index }
}
