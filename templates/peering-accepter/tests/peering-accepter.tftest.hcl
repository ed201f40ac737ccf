mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name            = "example"
  cidr_blocks     = ["10.200.48.0/23"]
  route_table_ids = ["rtb-0123456789abcdef0", "rtb-0123456789abcdef1"]
  peerings        = {}
}

run "accepts_what_was_named" {
  command = apply

  variables {
    peerings = {
      orders  = { id = "pcx-0123456789abcdef0", cidr_blocks = ["10.201.0.0/16", "10.202.0.0/20"] }
      partner = { id = "pcx-0123456789abcdef1", cidr_blocks = ["10.210.0.0/16"], account_id = "123456789012" }
    }
  }

  assert {
    condition     = tomap({ for name, accepter in aws_vpc_peering_connection_accepter.this : name => accepter.vpc_peering_connection_id }) == tomap({ for name, peering in var.peerings : name => peering.id }) && alltrue([for accepter in aws_vpc_peering_connection_accepter.this : accepter.auto_accept])
    error_message = "Every named connection must be accepted, and no other."
  }

  assert {
    condition     = length(aws_route.this) == 3 * length(var.route_table_ids) && toset([for route in aws_route.this : route.destination_cidr_block]) == toset(flatten([for peering in var.peerings : peering.cidr_blocks])) && toset([for route in aws_route.this : route.route_table_id]) == toset(var.route_table_ids)
    error_message = "Each route table must lead to every range of the peers, and nowhere else."
  }

  assert {
    condition     = aws_route.this["orders/10.202.0.0/20/2"].vpc_peering_connection_id == aws_vpc_peering_connection_accepter.this["orders"].id && aws_route.this["partner/10.210.0.0/16/1"].vpc_peering_connection_id == aws_vpc_peering_connection_accepter.this["partner"].id
    error_message = "A range must be reached through the connection of its peer."
  }

  assert {
    condition     = toset(keys(aws_vpc_peering_connection_options.this)) == toset(keys(var.peerings)) && alltrue([for options in aws_vpc_peering_connection_options.this : options.accepter[0].allow_remote_vpc_dns_resolution])
    error_message = "Names on this side must resolve for the peers."
  }

  assert {
    condition     = alltrue([for name, accepter in aws_vpc_peering_connection_accepter.this : accepter.tags.Name == "${var.name}-${name}"])
    error_message = "A connection has no name other than its tag."
  }
}

run "refuses_a_stranger" {
  command = plan

  variables {
    peerings = { orders = { id = "pcx-0123456789abcdef0", cidr_blocks = ["10.201.0.0/16"], account_id = "210987654321" } }
  }

  expect_failures = [aws_vpc_peering_connection_accepter.this]
}

run "refuses_an_overlap_of_any_ranges" {
  command = plan

  variables {
    peerings = { orders = { id = "pcx-0123456789abcdef0", cidr_blocks = ["10.10.0.0/16", "10.200.0.0/16"] } }
  }

  expect_failures = [aws_vpc_peering_connection_accepter.this]
}

run "refuses_to_route_everything" {
  command = plan

  variables {
    peerings = { orders = { id = "pcx-0123456789abcdef0", cidr_blocks = ["0.0.0.0/0"] } }
  }

  expect_failures = [var.peerings]
}
