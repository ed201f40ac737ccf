resource "aws_lb" "main" {
  count = 2

  name               = "x-${count.index}"
  load_balancer_type = "application"
  subnets            = ["subnet-1", "subnet-2"]
  region             = "us-east-1"

  dynamic "access_logs" {
    for_each = ["logs"]
    iterator = each_bucket

    content {
      bucket  = each_bucket.value
      enabled = true
    }
  }

  lifecycle {
    ignore_changes = [tags, access_logs[0].prefix]
  }
}

# An argument that is a list of objects may be written as blocks.
resource "aws_security_group" "main" {
  ingress {
    from_port = 443
    to_port   = 443
    protocol  = "tcp"
  }

  dynamic "egress" {
    for_each = toset(["10.0.0.0/8"])

    content {
      from_port   = 0
      to_port     = 0
      protocol    = "-1"
      cidr_blocks = [egress.value]
    }
  }
}
