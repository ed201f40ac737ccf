terraform {
  required_version = ">= 1.11.0"

  required_providers {
    aws = { source = "hashicorp/aws", version = ">= 5.100.0, < 6.0.0" }
  }
}

provider "aws" {
  region = "ap-northeast-1"

  default_tags {
    tags = { Environment = "example", ManagedBy = "terraform", User = "example-team" }
  }
}

provider "aws" {
  alias  = "us_east_1"
  region = "us-east-1"

  default_tags {
    tags = { Environment = "example", ManagedBy = "terraform", User = "example-team" }
  }
}

module "site" {
  source = "../.."

  providers = {
    aws           = aws
    aws.us_east_1 = aws.us_east_1
  }

  name = "example" # anything
}

output "site" {
  description = "All outputs of the module."
  value       = module.site
  sensitive   = true
}
