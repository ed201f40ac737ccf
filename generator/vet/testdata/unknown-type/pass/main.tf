terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0, < 7.0"
    }
    other = {
      source = "example/other"
    }
  }
}

data "aws_region" "current" {}

resource "terraform_data" "region" {
  input = data.aws_region.current.region
}

# Types of other providers are not looked at.
resource "other_thing" "main" {
  anything = terraform_data.region.output
}

ephemeral "aws_secretsmanager_secret_version" "main" {
  secret_id = "x"
}
