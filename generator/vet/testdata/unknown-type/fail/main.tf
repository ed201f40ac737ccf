resource "aws_s3_buckett" "main" {
  bucket = "x"
}

data "aws_nat_gatewayy" "main" {
  id = "x"
}

resource "aws_region" "main" {}

resource "aws_completely_different_thing" "main" {
  name = aws_s3_buckett.main.arn
}

output "gateway" {
  value = data.aws_nat_gatewayy.main.id
}
