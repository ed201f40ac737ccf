data "aws_region" "current" {}

data "aws_vpc" "checked" {
  id = "vpc-1"

  lifecycle {
    postcondition {
      condition     = self.enable_dns_support
      error_message = "The network has no name service."
    }
  }
}

check "identity" {
  data "aws_caller_identity" "current" {}

  assert {
    condition     = data.aws_caller_identity.current.account_id != ""
    error_message = "Who is it?"
  }
}

output "region" {
  value = data.aws_region.current.region
}
