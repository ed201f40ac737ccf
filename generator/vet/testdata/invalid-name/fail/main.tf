resource "aws_eip" "1st" {
  domain = "vpc"
}

output "a b" {
  value = 1
}

variable "source" {
  type = string
}

resource "aws_vpc" "main" {
  cidr_block = var.source
}
