data "aws_region" "current" {}

data "aws_vpc" "main" {
  id = "vpc-1"
}
