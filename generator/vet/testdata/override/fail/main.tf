variable "name" {
  type = string
}

locals {
  tags = { Name = var.name }
}

resource "aws_eip" "main" {
  tags = local.tags
}

output "ip" {
  value = aws_eip.main.public_ip
}
