resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "this" {
  count = 2

  vpc_id     = aws_vpc.this.id
  cidr_block = "10.0.${count.index}.0/24"
}

locals {
  ids = concat([aws_vpc.this.id], aws_subnet.this[*].id)
}

resource "terraform_data" "set" {
  for_each = toset(aws_subnet.this[*].id)
}

resource "terraform_data" "local" {
  for_each = toset(local.ids)
}

resource "terraform_data" "key" {
  for_each = { for subnet in aws_subnet.this : subnet.id => subnet.arn }
}

resource "terraform_data" "list" {
  for_each = { for id in aws_subnet.this[*].id : "x-${id}" => id }
}

resource "terraform_data" "count" {
  count = aws_vpc.this.main_route_table_id == "" ? 0 : 1
}
