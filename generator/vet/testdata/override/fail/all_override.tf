variable "name" {
  default = "x"
}

variable "names" {
  default = "x"
}

locals {
  tags = { Name = "y" }
  tag  = { Name = "y" }
}

resource "aws_eip" "main" {
  domain = "vpc"
}

resource "aws_eip" "other" {
  domain = "vpc"
}

data "aws_region" "current" {}

module "m" {
  source = "./m"
}

output "ip" {
  description = "x"
}

output "ips" {
  description = "x"
}

provider "aws" {
  region = "eu-west-1"
}

provider "aws" {
  alias  = "other"
  region = "eu-west-1"
}

moved {
  from = aws_eip.old
  to   = aws_eip.main
}
