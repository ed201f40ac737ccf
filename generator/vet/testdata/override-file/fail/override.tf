resource "aws_eip" "main" {
  tags = { Name = "x" }
}
