# Only what changes stands in an override file.
resource "aws_subnet" "main" {
  map_public_ip_on_launch = false
}
