mock_data "aws_caller_identity" {
  defaults = { account_id = "123456789012" }
}

mock_data "aws_vpc_peering_connection" {
  defaults = { owner_id = "123456789012" }
}
