variable "zones" {
  type    = map(string)
  default = { a = "10.0.0.0/24" }
}

locals {
  prefix = "${terraform.workspace}-${basename(path.module)}"
}

data "aws_caller_identity" "current" {}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
  tags       = { for k, v in var.zones : "${local.prefix}-${k}" => upper(v) }
}

resource "aws_subnet" "main" {
  for_each = var.zones

  vpc_id     = resource.aws_vpc.main.id
  cidr_block = each.value

  lifecycle {
    replace_triggered_by = [aws_vpc.main.cidr_block]
  }

  depends_on = [data.aws_caller_identity.current]
}

output "subnets" {
  value = { for k, s in aws_subnet.main : k => s.arn }
}
