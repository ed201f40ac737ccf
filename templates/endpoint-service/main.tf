# Offers what is behind the load balancer to other VPCs, whose ranges may
# overlap. Consumers connect; nothing here can connect to them.
# notes: vpc.connectivity-reachable-resources, vpc.connectivity-vpc-count a network load balancer, for one VPC or many
resource "aws_vpc_endpoint_service" "this" {
  network_load_balancer_arns = [var.load_balancer_arn]
  acceptance_required        = true     # why: an account that may request a connection does not decide whether it is accepted
  supported_ip_address_types = ["ipv4"] # why: the load balancer has no others
  supported_regions          = var.regions
  private_dns_name           = var.private_dns_name

  tags = { Name = var.name } # notes: tags.name resources without a name get this tag
}

# notes: vpc.connectivity-cross-account accounts, users and roles that may request a connection
resource "aws_vpc_endpoint_service_allowed_principal" "this" {
  for_each = toset(var.consumers)

  vpc_endpoint_service_id = aws_vpc_endpoint_service.this.id
  principal_arn           = each.key
}

# Endpoints of consumers, each accepted by its ID.
resource "aws_vpc_endpoint_connection_accepter" "this" {
  for_each = toset(var.accepted_endpoints)

  vpc_endpoint_service_id = aws_vpc_endpoint_service.this.id
  vpc_endpoint_id         = each.key
}
