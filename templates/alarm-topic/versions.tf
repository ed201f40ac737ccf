terraform {
  required_version = ">= 1.11.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100.0"

      # bpgen:if var.aws_provider == "5" && var.global
      configuration_aliases = [aws.us_east_1]
    }
  }
}
