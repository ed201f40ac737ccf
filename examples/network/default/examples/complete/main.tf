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

module "network" {
  source = "../.."

  name = "example"
}

output "network" {
  description = "All outputs of the module."
  value       = module.network
}
