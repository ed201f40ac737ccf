resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
  arn        = "arn:aws:ec2:us-east-1:111111111111:vpc/vpc-1"
}

resource "aws_acm_certificate" "main" {
  domain_name = "example.com"

  domain_validation_options {
    domain_name = "example.com"
  }
}

resource "terraform_data" "main" {
  output = 1
}
