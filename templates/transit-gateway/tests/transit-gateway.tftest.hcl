mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name = "example"
  asn  = 64512
}

run "asks_before_it_attaches" {
  command = apply

  variables {
    shared_with          = ["210987654321"]
    accepted_attachments = { partner = "tgw-attach-0123456789abcdef0" }
  }

  assert {
    condition     = aws_ec2_transit_gateway.this.auto_accept_shared_attachments == "disable" && aws_ec2_transit_gateway.this.amazon_side_asn == var.asn
    error_message = "Nobody may attach a VPC without being accepted."
  }

  assert {
    condition     = aws_ec2_transit_gateway.this.default_route_table_association == "enable" && aws_ec2_transit_gateway.this.default_route_table_propagation == "enable" && aws_ec2_transit_gateway.this.dns_support == "enable" && aws_ec2_transit_gateway.this.vpn_ecmp_support == "enable"
    error_message = "What is attached must reach all others, by name too, and over both tunnels of a VPN."
  }

  assert {
    condition     = tomap({ for name, accepter in aws_ec2_transit_gateway_vpc_attachment_accepter.this : name => accepter.transit_gateway_attachment_id }) == tomap({ for name, id in var.accepted_attachments : name => id })
    error_message = "Only named attachments may be accepted."
  }

  assert {
    condition     = !aws_ram_resource_share.this[0].allow_external_principals && aws_ram_resource_association.this[0].resource_arn == aws_ec2_transit_gateway.this.arn && aws_ram_resource_association.this[0].resource_share_arn == aws_ram_resource_share.this[0].arn
    error_message = "The gateway may be shared within the organization only."
  }

  assert {
    condition     = toset(keys(aws_ram_principal_association.this)) == toset(var.shared_with) && alltrue([for principal, association in aws_ram_principal_association.this : association.principal == principal && association.resource_share_arn == aws_ram_resource_share.this[0].arn])
    error_message = "The named accounts, and no others, must see the gateway."
  }

  assert {
    condition     = aws_ec2_transit_gateway.this.tags.Name == var.name
    error_message = "A transit gateway has no name other than its tag."
  }
}

run "shares_with_nobody" {
  command = plan

  variables {
    shared_with          = []
    accepted_attachments = {}
  }

  assert {
    condition     = length(aws_ram_resource_share.this) + length(aws_ram_resource_association.this) + length(aws_ram_principal_association.this) == 0
    error_message = "Without other accounts there must be no share."
  }
}

run "refuses_everyone" {
  command = plan

  variables {
    shared_with = ["*"]
  }

  expect_failures = [var.shared_with]
}

run "refuses_a_public_number" {
  command = plan

  variables {
    asn = 16509
  }

  expect_failures = [var.asn]
}
