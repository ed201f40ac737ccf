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
