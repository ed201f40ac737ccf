# One connection for each peer: traffic flows in both directions, but not
# through a peer to the networks behind it.
# notes: vpc.connectivity-vpc-to-vpc, vpc.connectivity-vpc-count two VPCs, one to one
resource "aws_vpc_peering_connection" "this" {
  for_each = var.peers

  vpc_id        = var.vpc_id
  peer_vpc_id   = each.value.vpc_id
  peer_owner_id = local.own_account[each.key] ? null : each.value.account_id # notes: vpc-peering.account-and-region, vpc.connectivity-cross-account any account
  peer_region   = local.own_region[each.key] ? null : each.value.region      # notes: vpc.connectivity-cross-region and any region
  auto_accept   = local.accepted_here[each.key]                              # why: nobody else has to accept

  tags = { Name = "${var.name}-${each.key}" } # notes: tags.name resources without a name get this tag

  lifecycle {
    # notes: vpc-peering.cidr-all-different, vpc-peering.ipv6-does-not-help, vpc.connectivity-overlapping-cidr every IPv4 range of one side against every one of the other
    precondition {
      condition     = length(local.overlaps[each.key]) == 0
      error_message = "The networks cannot be peered: ${join(", ", local.overlaps[each.key])}. AWS refuses the connection even if only one pair of IPv4 ranges overlaps, and IPv6 does not help. Offer the service as an endpoint service instead."
    }
  }
}

data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

locals {
  own_account = { for name, peer in var.peers : name => try(peer.account_id == null || peer.account_id == data.aws_caller_identity.current.account_id, true) }
  own_region  = { for name, peer in var.peers : name => try(peer.region == null || peer.region == data.aws_region.current.id, true) }

  # The owner of a VPC in another account or region accepts the connection there.
  accepted_here = { for name, peer in var.peers : name => local.own_account[name] && local.own_region[name] }

  # Two ranges overlap if they are the same under the shorter of their prefixes.
  overlaps = { for name, peer in var.peers : name => [
    for pair in setproduct(var.cidr_blocks, peer.cidr_blocks) : "${pair[1]} overlaps ${pair[0]}"
    if cidrhost("${cidrhost(pair[0], 0)}/${min(split("/", pair[0])[1], split("/", pair[1])[1])}", 0) == cidrhost("${cidrhost(pair[1], 0)}/${min(split("/", pair[0])[1], split("/", pair[1])[1])}", 0)
  ] }

  routes = { for route in flatten([
    for name, peer in var.peers : [
      for cidr in peer.cidr_blocks : [
        for index, table in var.route_table_ids : { key = "${name}/${cidr}/${index + 1}", peer = name, cidr = cidr, table = table }
      ]
    ]
  ]) : route.key => route }
}

# Only from the app subnets. Until the peer accepts, packets are dropped here.
resource "aws_route" "this" {
  for_each = local.routes

  route_table_id            = each.value.table
  destination_cidr_block    = each.value.cidr
  vpc_peering_connection_id = aws_vpc_peering_connection.this[each.value.peer].id
}

# AWS lets this be set only while the connection is active.
resource "aws_vpc_peering_connection_options" "this" {
  for_each = { for name, peer in var.peers : name => local.accepted_here[name] if local.accepted_here[name] || peer.accepted }

  vpc_peering_connection_id = aws_vpc_peering_connection.this[each.key].id

  requester {
    allow_remote_vpc_dns_resolution = true # why: public names of the peer's instances resolve to private addresses
  }

  dynamic "accepter" {
    for_each = each.value ? [1] : []

    content {
      allow_remote_vpc_dns_resolution = true
    }
  }
}
