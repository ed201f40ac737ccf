terraform {
  required_version = "~> 1.11.0, >= 1.12"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0, < 7.0, ~> 5.90"
    }
    other = {
      source  = "example/other"
      version = "latest"
    }
  }
}
