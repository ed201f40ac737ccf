variable "name" {
  type = string
}

locals {
  name = "x"
}

resource "aws_eip" "main" {
  domain = "standard"
}

output "name" {
  value = "x"
}

provider "aws" {
  region = "us-west-2"
}

terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

module "m" {
  source = "./m"
}

check "c" {
  assert {
    condition     = var.name != "x"
    error_message = "No such name."
  }
}
