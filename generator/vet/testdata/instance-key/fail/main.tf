resource "aws_eip" "many" {
  count = 2

  domain = "vpc"
}

resource "aws_eip" "named" {
  for_each = toset(["a"])

  domain = "vpc"
}

resource "aws_eip" "one" {
  domain = "vpc"
}

output "ips" {
  value = [
    aws_eip.many.id,
    aws_eip.named.id,
    aws_eip.one[0].id,
    aws_eip.one[aws_eip.many[0].id].id,
    aws_eip.named[*].id,
  ]
}
