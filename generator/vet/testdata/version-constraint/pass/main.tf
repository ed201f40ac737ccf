terraform {
  required_version = ">= 1.11, != 1.11.1, < 2.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.4, >= 6.2"
    }
    other = {
      source  = "example/other"
      version = "1.2.3"
    }
  }
}
