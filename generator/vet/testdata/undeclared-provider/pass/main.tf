terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.us_east_1]
    }
  }
}

resource "aws_eip" "main" {
  domain   = "vpc"
  provider = aws.us_east_1
}
