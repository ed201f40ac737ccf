variable "name" {
  type = string
}

locals {
  name = var.name
}

resource "aws_eip" "main" {
  domain = "vpc"
}

output "name" {
  value = local.name
}

provider "aws" {
  region = "us-east-1"
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
    condition     = var.name != ""
    error_message = "No name."
  }
}
