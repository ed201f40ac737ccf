mock_data "aws_caller_identity" {
  defaults = { account_id = "123456789012" }
}

mock_data "aws_region" {
  defaults = { id = "xx-example-1" }
}

mock_resource "aws_vpc_peering_connection" {
  defaults = { peer_owner_id = "123456789012", peer_region = "xx-example-1" }
}
