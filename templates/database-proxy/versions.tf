terraform {
  required_version = ">= 1.11.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0"
      # bpgen:if var.aws_provider == "6"
      version = ">= 6.15.0" # the first with default_auth_scheme
    }
  }
}
