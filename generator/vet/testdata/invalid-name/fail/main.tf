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

variable "version" {
  type = string
}

variable "providers" {
  type = string
}

variable "count" {
  type = string
}

variable "for_each" {
  type = string
}

variable "lifecycle" {
  type = string
}

variable "depends_on" {
  type = string
}

variable "locals" {
  type = string
}

output "reserved" {
  value = [var.version, var.providers, var.count, var.for_each, var.lifecycle, var.depends_on, var.locals]
}
