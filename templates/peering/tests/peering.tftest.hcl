mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name            = "example"
  vpc_id          = "vpc-0123456789abcdef0"
  cidr_blocks     = ["10.200.48.0/23"]
  route_table_ids = ["rtb-0123456789abcdef0", "rtb-0123456789abcdef1"]
  peers           = {}
}

run "joins_two_and_two" {
  command = apply

  variables {
    peers = {
      billing = { vpc_id = "vpc-0123456789abcdef1", cidr_blocks = ["10.201.0.0/16", "10.202.0.0/20"] }
      partner = { vpc_id = "vpc-0123456789abcdef2", cidr_blocks = ["10.210.0.0/16"], account_id = "210987654321" }
      far     = { vpc_id = "vpc-0123456789abcdef3", cidr_blocks = ["10.211.0.0/16"], region = "yy-example-2", accepted = true }
      near    = { vpc_id = "vpc-0123456789abcdef4", cidr_blocks = ["10.212.0.0/16"], account_id = "123456789012", region = "xx-example-1" }
    }
  }

  assert {
    condition     = toset(keys(aws_vpc_peering_connection.this)) == toset(keys(var.peers)) && alltrue([for name, connection in aws_vpc_peering_connection.this : connection.vpc_id == var.vpc_id && connection.peer_vpc_id == var.peers[name].vpc_id])
    error_message = "Each peer must have a connection of its own, from this VPC."
  }

  assert {
    condition     = [for name in ["billing", "far", "near", "partner"] : aws_vpc_peering_connection.this[name].auto_accept] == [true, false, true, false]
    error_message = "Only peers in the same account and region can be accepted from here."
  }

  assert {
    condition     = aws_vpc_peering_connection.this["partner"].peer_owner_id == "210987654321" && aws_vpc_peering_connection.this["far"].peer_region == "yy-example-2"
    error_message = "Peers may be in other accounts and regions."
  }

  # What is not set is made up by the mock.
  assert {
    condition     = alltrue([for name in ["billing", "near"] : aws_vpc_peering_connection.this[name].peer_owner_id != "123456789012" && aws_vpc_peering_connection.this[name].peer_region != "xx-example-1"])
    error_message = "A peer in the same account and region needs neither."
  }

  assert {
    condition     = length(aws_route.this) == 5 * length(var.route_table_ids) && toset([for route in aws_route.this : route.destination_cidr_block]) == toset(flatten([for peer in var.peers : peer.cidr_blocks])) && toset([for route in aws_route.this : route.route_table_id]) == toset(var.route_table_ids)
    error_message = "Each route table must lead to every range of the peers, and nowhere else."
  }

  assert {
    condition     = aws_route.this["billing/10.202.0.0/20/2"].vpc_peering_connection_id == aws_vpc_peering_connection.this["billing"].id && aws_route.this["partner/10.210.0.0/16/1"].vpc_peering_connection_id == aws_vpc_peering_connection.this["partner"].id
    error_message = "A range must be reached through the connection of its peer."
  }

  assert {
    condition     = toset(keys(aws_vpc_peering_connection_options.this)) == toset(["billing", "far", "near"]) && alltrue([for options in aws_vpc_peering_connection_options.this : options.requester[0].allow_remote_vpc_dns_resolution]) && length(aws_vpc_peering_connection_options.this["far"].accepter) == 0 && aws_vpc_peering_connection_options.this["near"].accepter[0].allow_remote_vpc_dns_resolution
    error_message = "Names must resolve across active connections, and each side sets its own."
  }

  assert {
    condition     = alltrue([for name, connection in aws_vpc_peering_connection.this : connection.tags.Name == "${var.name}-${name}"])
    error_message = "A connection has no name other than its tag."
  }
}

run "refuses_an_overlap_of_any_ranges" {
  command = plan

  variables {
    peers = { other = { vpc_id = "vpc-0123456789abcdef1", cidr_blocks = ["10.10.0.0/16", "10.200.0.0/16"] } }
  }

  expect_failures = [aws_vpc_peering_connection.this]
}

run "refuses_to_route_everything" {
  command = plan

  variables {
    peers = { other = { vpc_id = "vpc-0123456789abcdef1", cidr_blocks = ["0.0.0.0/0"] } }
  }

  expect_failures = [var.peers]
}

run "refuses_ipv6_in_place_of_ipv4" {
  command = plan

  variables {
    peers = { other = { vpc_id = "vpc-0123456789abcdef1", cidr_blocks = ["2001:db8::/56"] } }
  }

  expect_failures = [var.peers]
}

run "refuses_one_range_twice" {
  command = plan

  variables {
    peers = {
      one = { vpc_id = "vpc-0123456789abcdef1", cidr_blocks = ["10.20.0.0/16"] }
      two = { vpc_id = "vpc-0123456789abcdef2", cidr_blocks = ["10.20.0.0/16"] }
    }
  }

  expect_failures = [var.peers]
}
