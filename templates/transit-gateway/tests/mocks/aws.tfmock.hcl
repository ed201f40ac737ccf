mock_resource "aws_ec2_transit_gateway" {
  defaults = { arn = "arn:aws:ec2:xx-example-1:123456789012:transit-gateway/tgw-0123456789abcdef0" }
}

mock_resource "aws_ram_resource_share" {
  defaults = { arn = "arn:aws:ram:xx-example-1:123456789012:resource-share/01234567-89ab-cdef-0123-456789abcdef" }
}
