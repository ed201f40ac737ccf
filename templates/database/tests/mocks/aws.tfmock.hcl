mock_data "aws_partition" {
  defaults = { partition = "aws" }
}
