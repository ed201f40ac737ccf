# An interface in each zone, through which the VPC reaches the gateway.
# notes: vpc.connectivity-vpc-to-vpc one attachment per VPC
resource "aws_ec2_transit_gateway_vpc_attachment" "this" {
  transit_gateway_id = var.transit_gateway_id
  vpc_id             = var.vpc_id
  subnet_ids         = var.subnet_ids # why: one in each zone; a zone without one reaches nothing
  dns_support        = "enable"

  tags = { Name = var.name } # notes: tags.name resources without a name get this tag
}

locals {
  routes = { for route in flatten([
    for cidr in var.routes : [
      for index, table in var.route_table_ids : { key = "${cidr}/${index + 1}", cidr = cidr, table = table }
    ]
  ]) : route.key => route }
}

# Only from the app subnets. The VPC's own range stays inside: its local route is more specific.
resource "aws_route" "this" {
  for_each = var.accepted ? local.routes : {}

  route_table_id         = each.value.table
  destination_cidr_block = each.value.cidr
  transit_gateway_id     = var.transit_gateway_id

  depends_on = [aws_ec2_transit_gateway_vpc_attachment.this] # why: AWS rejects a route to a gateway that the VPC is not attached to
}
