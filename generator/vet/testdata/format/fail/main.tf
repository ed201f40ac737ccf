variable "cidr" {
  type = "string"
}

resource aws_vpc "main" {
  cidr_block = "${var.cidr}"
}

variable "old" {
  type = list
}

output "old" {
  value = var.old
}
