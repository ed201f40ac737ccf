# Connections that another VPC requested. Each is named by its ID, and only
# what the expected account requested is accepted.
# notes: vpc-peering.account-and-region, vpc.connectivity-vpc-to-vpc requested in any account and region
resource "aws_vpc_peering_connection_accepter" "this" {
  for_each = var.peerings

  vpc_peering_connection_id = each.value.id
  auto_accept               = true

  tags = { Name = "${var.name}-${each.key}" } # notes: tags.name resources without a name get this tag

  lifecycle {
    # notes: vpc-peering.cidr-all-different, vpc-peering.ipv6-does-not-help, vpc.connectivity-overlapping-cidr every IPv4 range of one side against every one of the other
    precondition {
      condition     = length(local.overlaps[each.key]) == 0
      error_message = "The networks cannot be peered: ${join(", ", local.overlaps[each.key])}. AWS refuses the connection even if only one pair of IPv4 ranges overlaps, and IPv6 does not help. Offer the service as an endpoint service instead."
    }

    precondition {
      condition     = data.aws_vpc_peering_connection.this[each.key].owner_id == coalesce(each.value.account_id, data.aws_caller_identity.current.account_id)
      error_message = "${each.value.id} was requested by the account ${data.aws_vpc_peering_connection.this[each.key].owner_id}. If that is the right one, name it in account_id."
    }
  }
}

data "aws_vpc_peering_connection" "this" {
  for_each = var.peerings

  id = each.value.id
}

data "aws_caller_identity" "current" {}

locals {
  # Two ranges overlap if they are the same under the shorter of their prefixes.
  overlaps = { for name, peering in var.peerings : name => [
    for pair in setproduct(var.cidr_blocks, peering.cidr_blocks) : "${pair[1]} overlaps ${pair[0]}"
    if cidrhost("${cidrhost(pair[0], 0)}/${min(split("/", pair[0])[1], split("/", pair[1])[1])}", 0) == cidrhost("${cidrhost(pair[1], 0)}/${min(split("/", pair[0])[1], split("/", pair[1])[1])}", 0)
  ] }

  routes = { for route in flatten([
    for name, peering in var.peerings : [
      for cidr in peering.cidr_blocks : [
        for index, table in var.route_table_ids : { key = "${name}/${cidr}/${index + 1}", peering = name, cidr = cidr, table = table }
      ]
    ]
  ]) : route.key => route }
}

# The responses go back the same way, only from the app subnets.
resource "aws_route" "this" {
  for_each = local.routes

  route_table_id            = each.value.table
  destination_cidr_block    = each.value.cidr
  vpc_peering_connection_id = aws_vpc_peering_connection_accepter.this[each.value.peering].id
}

# This side's half; the requester sets its own.
resource "aws_vpc_peering_connection_options" "this" {
  for_each = var.peerings

  vpc_peering_connection_id = aws_vpc_peering_connection_accepter.this[each.key].id

  accepter {
    allow_remote_vpc_dns_resolution = true # why: public names of the peer's instances resolve to private addresses
  }
}
