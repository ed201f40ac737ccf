terraform {
  required_version = ">= 1.11.0"

  required_providers {
    aws = { source = "hashicorp/aws", version = ">= 6.0, < 7.0" }
  }
}

provider "aws" {
  region = "ap-northeast-1"

  default_tags {
    tags = { Environment = "example", ManagedBy = "terraform", User = "example-team" }
  }
}

module "account_baseline" {
  source = "../.."

  name               = "example"
  environment        = "dev"
  trusted_principals = ["arn:aws:iam::123456789012:role/ci"]
  external_id        = "only-an-example-0123"
}

output "account_baseline" {
  description = "All outputs of the module."
  value       = module.account_baseline
}
