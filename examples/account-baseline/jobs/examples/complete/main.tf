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

  name              = "example"
  organization_id   = "o-a1b2c3d4e5"
  environment       = "dev"
  alarm_slack       = { workspace_id = "T0123ABCDEF", channel_id = "C0123ABCDEF" }
  oidc              = { url = "https://oidc.example.com", audience = "sts.amazonaws.com", subjects = ["repo:example/web:ref:refs/heads/main"] }
  oidc_provider_arn = "arn:aws:iam::123456789012:oidc-provider/oidc.example.com"
}

output "account_baseline" {
  description = "All outputs of the module."
  value       = module.account_baseline
}
