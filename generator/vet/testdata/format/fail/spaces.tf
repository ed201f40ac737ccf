resource "aws_eip" "main" {
  domain   = "vpc"
  instance = null
}

resource "aws_eip" "other" {
   domain = "vpc"
}
