# A router between VPCs and, through VPN, other networks. What is attached and
# accepted learns the routes of all others.
# notes: vpc.connectivity-vpc-count many to many
resource "aws_ec2_transit_gateway" "this" {
  description                     = "Networks of ${var.name}"
  amazon_side_asn                 = var.asn
  auto_accept_shared_attachments  = "disable" # why: an account that may request an attachment does not decide whether it is accepted
  default_route_table_association = "enable"
  default_route_table_propagation = "enable"
  dns_support                     = "enable"
  vpn_ecmp_support                = "enable" # why: both tunnels of a VPN carry traffic

  tags = { Name = var.name } # notes: tags.name resources without a name get this tag
}

# notes: vpc.connectivity-cross-account other accounts see the gateway through the share
resource "aws_ram_resource_share" "this" {
  count = length(var.shared_with) > 0 ? 1 : 0

  name                      = "${var.name}-transit-gateway"
  allow_external_principals = false # why: only accounts of the organization

  tags = { Name = "${var.name}-transit-gateway" }
}

resource "aws_ram_resource_association" "this" {
  count = length(var.shared_with) > 0 ? 1 : 0

  resource_share_arn = aws_ram_resource_share.this[0].arn
  resource_arn       = aws_ec2_transit_gateway.this.arn
}

resource "aws_ram_principal_association" "this" {
  for_each = toset(var.shared_with)

  resource_share_arn = aws_ram_resource_share.this[0].arn
  principal          = each.key
}

# Attachments of other accounts, each accepted by its ID.
resource "aws_ec2_transit_gateway_vpc_attachment_accepter" "this" {
  for_each = var.accepted_attachments

  transit_gateway_attachment_id = each.value

  tags = { Name = "${var.name}-${each.key}" }

  depends_on = [aws_ram_principal_association.this] # why: an attachment cannot outlive the share
}
