resource "aws_lb_listener" "main" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:us-east-1:111111111111:loadbalancer/app/x/1"
  port              = 80
}

resource "aws_lb" "main" {
  subnets = ["subnet-1", "subnet-2"]

  access_logs {
    bucket = "a"
  }

  access_logs {
    bucket = "b"
  }

  access_logs {
    bucket = "c"
  }

  dynamic "subnet_mapping" {
    for_each = [1]
  }

  timeouts {
    create = "1h"
  }

  timeouts {
    delete = "1h"
  }

  lifecycle {}
  lifecycle {}
}

check "health" {
}
