resource "aws_eip" "main" {
  for_each = toset(["a", "b"])

  domain = "vpc"
  tags   = { Name = each.key, Again = each.value }

  lifecycle {
    postcondition {
      condition     = self.public_ip != ""
      error_message = "No address for ${each.key}."
    }
  }
}

resource "aws_eip" "more" {
  count = 2

  domain = "vpc"
  tags   = { Name = count.index }
}
