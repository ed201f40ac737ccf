# A system in the shared network, with a state of its own: its team applies it
# without touching what others share.

terraform {
  required_version = ">= 1.11.0"

  required_providers {
    aws = { source = "hashicorp/aws", version = ">= 6.0, < 7.0" }
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = { Environment = "development", User = "web-team" }
  }
}

variable "region" {
  description = "Region of the shared network."
  type        = string
}

variable "domain_name" {
  description = "Domain name under which users reach the application."
  type        = string
}

variable "hosted_zone_id" {
  description = "Route53 hosted zone of the domain name."
  type        = string
}

variable "image_tag" {
  description = "Tag of the image to run, empty while there is none."
  type        = string
}

# The state of ../shared. A team keeps it in a bucket (backend = "s3").
data "terraform_remote_state" "shared" {
  backend = "local"

  config = { path = "../shared/terraform.tfstate" }
}

module "web" {
  source = "../../ecs-fargate/shared-network"

  name           = "web"
  domain_name    = var.domain_name
  hosted_zone_id = var.hosted_zone_id
  image_tag      = var.image_tag
  network        = data.terraform_remote_state.shared.outputs.network
}

output "url" {
  description = "Address of the application."
  value       = module.web.url
}
