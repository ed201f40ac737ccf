mock_provider "aws" {}

variables {
  domain_name = "example.com"
  host_name   = "www.example.com"
}

run "is_public_and_takes_records" {
  command = plan

  variables {
    records = { mail = { name = "", type = "MX", values = ["10 mail.example.net."] } }
  }

  assert {
    condition     = length(aws_route53_zone.this.vpc) == 0 && aws_route53_zone.this.name == var.domain_name && aws_route53_record.this["mail"].name == var.domain_name
    error_message = "The zone must be public, and a record without a name must be at the zone apex."
  }
}
