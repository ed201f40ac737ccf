mock_resource "aws_vpc_endpoint_service" {
  defaults = { service_name = "com.amazonaws.vpce.xx-example-1.vpce-svc-0123456789abcdef0" }
}
