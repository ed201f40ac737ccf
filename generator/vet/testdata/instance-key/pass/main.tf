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
  value = concat(
    [aws_eip.many[0].id, aws_eip.named["a"].id, aws_eip.one.id],
    aws_eip.many[*].id,
    values(aws_eip.named)[*].id,
    [for e in aws_eip.named : e.id],
    [one(aws_eip.many[*].id)],
  )
}
