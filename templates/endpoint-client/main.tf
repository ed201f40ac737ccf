# Services in other networks, each with an address in every app subnet.
# notes: vpc.connectivity-vpc-to-vpc the consumer's end of an endpoint service
resource "aws_vpc_endpoint" "this" {
  for_each = var.services

  vpc_id              = var.vpc_id
  service_name        = each.value.service_name # notes: vpc-endpoint-service.service-name com.amazonaws.vpce.<region>.vpce-svc-<id>
  service_region      = each.value.region       # departs: vpc.connectivity-cross-region another region has worked since 2024
  vpc_endpoint_type   = "Interface"
  subnet_ids          = var.subnet_ids
  security_group_ids  = [aws_security_group.this[each.key].id]
  private_dns_enabled = each.value.private_dns

  tags = { Name = "${var.name}-${each.key}" } # notes: tags.name resources without a name get this tag
}

resource "aws_security_group" "this" {
  for_each = var.services

  name        = "${var.name}-${each.key}-endpoint"
  description = "Endpoint of the service ${each.key}"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-${each.key}-endpoint" }
}

# Connections are opened only from here: nothing comes in from the service.
resource "aws_vpc_security_group_ingress_rule" "this" {
  for_each = var.services

  security_group_id = aws_security_group.this[each.key].id
  description       = "From the VPC to the service ${each.key}"
  cidr_ipv4         = var.vpc_cidr_block
  ip_protocol       = "tcp"
  from_port         = each.value.port
  to_port           = each.value.port
}
