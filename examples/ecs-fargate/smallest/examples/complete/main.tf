terraform {
  required_version = ">= 1.10.0"

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

module "ecs_fargate" {
  source = "../.."

  name                              = "example"
  domain_name                       = "www.example.com"
  hosted_zone_id                    = "Z0123456789ABCDEFGHIJ"
  image_tag                         = "1f0c2d3"
  load_balancer_ingress_cidr_blocks = ["203.0.113.0/24"]
}

output "ecs_fargate" {
  description = "All outputs of the module."
  value       = module.ecs_fargate
}
