mock_resource "aws_eipp" {}

mock_data "aws_region" {
  defaults = {
    regoin = "us-east-1"
  }
}

mock_resource "aws_eip" {
  defaults = {
    tags_all = "x"
  }
}
