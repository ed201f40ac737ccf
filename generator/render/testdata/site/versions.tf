terraform {
  # OpenTofu >= 1.10 will do as well
  required_version = ">= 1.11.0"

  required_providers {
    # certificates of CloudFront live in us-east-1
    aws = {
      source                = "hashicorp/aws"
      version               = ">= 5.100.0, < 6.0.0"
      configuration_aliases = [aws.us_east_1]
    }
  }
}
