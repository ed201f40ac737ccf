resource "aws_eip" "über-name_1" {
  domain = "vpc"
}
