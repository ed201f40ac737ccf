variable "zones" {
  type    = number
  default = "two"
}

variable "ports" {
  type = list(number)
  default = [
    80,
    "https",
  ]
}

variable "network" {
  type = object({ cidr = string, zones = optional(number) })
  default = {
    zones = "many"
  }
}

variable "typo" {
  type = strin
}

resource "aws_vpc" "main" {
  cidr_block           = ["10.0.0.0/16"]
  enable_dns_hostnames = "yes"
  tags                 = [var.network.cidr]
}

resource "aws_subnet" "main" {
  for_each = [for p in var.ports : p]

  vpc_id     = aws_vpc.main
  cidr_block = var.zones > 1 ? "10.0.0.0/24" : ["10.0.1.0/24"]

  tags = {
    Name = "subnet of ${aws_vpc.main}"
    Zone = [var.typo]
  }
}

resource "aws_lb" "main" {
  subnets         = "subnet-1"
  security_groups = aws_vpc.main.id

  lifecycle {
    ignore_changes = tags
  }

  depends_on = aws_vpc.main
}

resource "aws_eip" "numbers" {
  for_each = toset([1, 2])

  domain = "vpc"
}

resource "aws_lb" "dynamic" {
  subnets         = ["subnet-1", "subnet-2"]
  security_groups = ["sg-1", ["sg-2"]]
  idle_timeout    = true

  dynamic "access_logs" {
    for_each = aws_vpc.main.id

    content {
      bucket = access_logs.value
    }
  }
}
