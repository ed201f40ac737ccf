resource "aws_vpc" "main" {
  cidr_block           = "10.0.0.0/16"
  enable_dns_hostnames = true

  tags = {
    Name = "${aws_eip.main.id}-vpc"
  }
}

resource "aws_eip" "main" {
  domain = "vpc"
}

output "many_lines" {
  value = "${concat(
    ["a"],
    ["b"],
  )}"
}
