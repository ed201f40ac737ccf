terraform {
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 6.0"
    }
  }
}

resource "aws_lambda_function" "orders" {
  function_name    = "orders"
  role             = "arn:aws:iam::123456789012:role/orders"
  runtime          = "nodejs22.x"
  handler          = "index.handler"
  filename         = "${path.module}/files/orders.zip"
  source_code_hash = filebase64sha256("${path.module}/files/orders.zip")
}
