resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

output "arn" {
  value = aws_vpc.main.arn
}
