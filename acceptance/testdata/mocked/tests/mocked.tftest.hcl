mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = {
      names = ["eu-west-1a", "eu-west-1c"]
    }
  }

  mock_data "aws_iam_policy_document" {
    defaults = {
      json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}"
    }
  }

  mock_resource "aws_iam_role" {
    defaults = {
      arn = "arn:aws:iam::123456789012:role/app"
    }
  }
}

run "plan" {
  command = plan

  assert {
    condition     = join(",", aws_subnet.this[*].cidr_block) == "10.0.0.0/24,10.0.1.0/24"
    error_message = "Subnets divide the VPC."
  }
}

run "apply" {
  assert {
    condition     = output.role == "arn:aws:iam::123456789012:role/app"
    error_message = "The role's ARN comes from the mock."
  }
}
