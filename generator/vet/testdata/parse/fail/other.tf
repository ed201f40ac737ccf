# Other files of the module are still checked, but not for names that the
# broken file may declare.
resource "aws_subnet" "main" {
  vpc_id     = aws_vpc.main.id
  cidr_blokk = "10.0.0.0/24"
}

output "lost" {
  value = [var.lost, local.lost, module.lost.x]
}
