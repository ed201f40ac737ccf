# Both kinds of networks are attached, and each side has a way to the gateway.
proof "transit-gateway.many-to-many" {
  options = { transit_gateway = "new", vpn = true }

  every "aws_ec2_transit_gateway" {
    default_route_table_association = "enable"
    default_route_table_propagation = "enable"
  }

  some "aws_ec2_transit_gateway_vpc_attachment" {
    transit_gateway_id = refers_to("aws_ec2_transit_gateway.transit_gateway")
    vpc_id             = refers_to("aws_vpc")
    subnet_ids         = refers_to("aws_subnet.network_app")
  }

  some "aws_route" {
    transit_gateway_id = refers_to("aws_ec2_transit_gateway.transit_gateway")
    route_table_id     = set()
  }

  some "aws_vpn_connection" {
    transit_gateway_id = refers_to("aws_ec2_transit_gateway.transit_gateway")
  }
}
