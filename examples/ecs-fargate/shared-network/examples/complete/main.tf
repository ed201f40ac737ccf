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

module "ecs_fargate" {
  source = "../.."

  name           = "example"
  domain_name    = "www.example.com"
  hosted_zone_id = "Z0123456789ABCDEFGHIJ"
  image_tag      = "1f0c2d3"
  network = {
    vpc_id                     = "vpc-0123456789abcdef0"
    app_subnet_ids             = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
    datastore_subnet_ids       = ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"]
    public_subnet_ids          = ["subnet-0123456789abcdef4", "subnet-0123456789abcdef5"]
    endpoint_security_group_id = "sg-0123456789abcdef0"
    s3_prefix_list_id          = "pl-0123456789abcdef0"
  }
}

output "ecs_fargate" {
  description = "All outputs of the module."
  value       = module.ecs_fargate
}
