mock_provider "aws" {
  source = "./tests/mocks"

  mock_resource "aws_eip" {
    defaults = {
      public_ip = "203.0.113.1"
    }
  }
}

variables {
  name = "x"
}

run "plan" {
  command = plan

  assert {
    condition     = aws_eip.main.tags["Name"] == var.name
    error_message = "The tag is wrong."
  }
}
