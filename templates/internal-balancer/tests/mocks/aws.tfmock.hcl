mock_resource "aws_lb" {
  defaults = { arn = "arn:aws:elasticloadbalancing:xx-example-1:123456789012:loadbalancer/net/example/0123456789abcdef" }
}

mock_resource "aws_lb_target_group" {
  defaults = { arn = "arn:aws:elasticloadbalancing:xx-example-1:123456789012:targetgroup/example/0123456789abcdef" }
}
