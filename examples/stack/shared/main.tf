# What the systems of an account share: a state of its own, applied first and
# destroyed last.

terraform {
  required_version = ">= 1.11.0"

  required_providers {
    aws = { source = "hashicorp/aws", version = ">= 6.0, < 7.0" }
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = { Environment = "development", User = "platform-team" }
  }
}

variable "region" {
  description = "Region of the network and of all that is in it."
  type        = string
}

variable "delivery_role_arn" {
  description = "Role of the pipeline, which takes on the delivery roles of this account."
  type        = string
}

variable "external_id" {
  description = "What the pipeline says when it takes on a role."
  type        = string
  sensitive   = true
}

module "account" {
  source = "../../account-baseline/default"

  name               = "example"
  environment        = "dev"
  trusted_principals = [var.delivery_role_arn]
  external_id        = var.external_id
}

module "network" {
  source = "../../network/default"

  name          = "shared"
  app_addresses = 4 # the tasks of web at full scale, twice, over three zones
}

# Read by the states of the systems.
output "network" {
  description = "The network to build in: the variable network of other modules."
  value       = module.network.network
}
