terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "5.100.0"
    }
  }
}

resource "aws_s3_bucket_versioning" "main" {
  bucket = "x"
  region = "us-east-1"

  versioning_configuration {
    status = "Enabled"
  }
}
