variable "subnet_ids" {
  type = list(string)
}

resource "aws_vpc" "this" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "this" {
  count = 2

  vpc_id     = aws_vpc.this.id
  cidr_block = "10.0.${count.index}.0/24"
}

# Who gives the list may know it.
resource "terraform_data" "given" {
  for_each = toset(var.subnet_ids)
}

# The keys are known, the values need not be.
resource "terraform_data" "values" {
  for_each = { for i, subnet in aws_subnet.this : "subnet-${i}" => subnet.id }
}

resource "terraform_data" "one" {
  for_each = { vpc = aws_vpc.this.id }
}

resource "terraform_data" "length" {
  count = length(aws_subnet.this[*].id)
}

# What is configured is known, computed or not.
resource "terraform_data" "configured" {
  for_each = toset([aws_vpc.this.cidr_block, aws_subnet.this[0].cidr_block])
}

resource "aws_acm_certificate" "this" {
  domain_name       = "example.com"
  validation_method = "DNS"
}

resource "terraform_data" "records" {
  for_each = { for o in aws_acm_certificate.this.domain_validation_options : o.domain_name => o.resource_record_name }
}

# A data source may be read when Terraform plans.
data "aws_subnets" "this" {}

resource "terraform_data" "found" {
  for_each = toset(data.aws_subnets.this.ids)
}
