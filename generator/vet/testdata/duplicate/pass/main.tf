provider "aws" {
  region = "us-east-1"
}

provider "aws" {
  alias  = "west"
  region = "us-west-2"
}

resource "aws_eip" "main" {
  domain   = "vpc"
  provider = aws.west
}

data "aws_eip" "main" {
  id = aws_eip.main.id
}

output "main" {
  value = data.aws_eip.main.arn
}
