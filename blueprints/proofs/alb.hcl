proof "alb.target-type-instance" {
  rule "target-type-instance" {
    add {
      text = <<-EOT
        resource "aws_lb_target_group" "servers" {
          name        = "servers"
          vpc_id      = aws_vpc.network.id
          target_type = "instance"
          protocol    = "HTTP"
          port        = 80
        }

        resource "aws_lb_target_group_attachment" "servers" {
          target_group_arn = aws_lb_target_group.servers.arn
          target_id        = "10.0.0.10"
        }
      EOT
    }
  }
}

proof "alb.target-type-lambda" {
  rule "target-type-lambda" {
    add {
      text = <<-EOT
        resource "aws_lb_target_group" "function" {
          name        = "function"
          target_type = "lambda"
        }

        resource "aws_lb_target_group_attachment" "function" {
          target_group_arn = aws_lb_target_group.function.arn
          target_id        = "10.0.0.10"
        }
      EOT
    }
  }
}

# Host, path and query of the redirect are those of the request unless something else
# is set, which is what the notes spell out.
proof "alb.http-80-redirect-to-https" {
  options = { cdn = false }

  some "aws_lb_listener" {
    port     = 80
    protocol = "HTTP"

    default_action {
      type = "redirect"

      redirect {
        protocol    = "HTTPS"
        port        = one_of("443", absent())
        host        = one_of("#{host}", absent())
        path        = one_of("/#{path}", absent())
        query       = one_of("#{query}", absent())
        status_code = "HTTP_301"
      }
    }
  }
}

proof "alb.https-443-forward" {
  some "aws_lb_listener" {
    port     = 443
    protocol = "HTTPS"

    default_action {
      type             = "forward"
      target_group_arn = refers_to("aws_lb_target_group")
    }
  }
}

# The load balancer sends the header; a runbook says what web servers and frameworks do with it.
proof "alb.tls-terminated-http-to-targets" {
  every "aws_lb_target_group" {
    protocol = "HTTP"
  }

  some "aws_lb_listener" {
    protocol = "HTTPS"
  }

  human "runbooks/load_balancer-https-behind-the-load-balancer.md" {
    heading = "Make the application aware of HTTPS"
    says    = "X-Forwarded-Proto: https"
  }
}

proof "alb.sg-in-house-ingress" {
  options = { cdn = false }

  given = {
    load_balancer_ingress_cidr_blocks = ["203.0.113.10/32"]
  }

  every "aws_vpc_security_group_ingress_rule" {
    where {
      security_group_id = refers_to("aws_security_group.load_balancer")
    }

    cidr_ipv4 = "203.0.113.10/32"
    cidr_ipv6 = absent()
  }
}

# Departed: targets are the private addresses that ECS registers.
proof "alb.target-type-ip-static" {
  every "aws_lb_target_group" {
    target_type = "ip"
  }

  no "aws_lb_target_group_attachment" {
  }
}

# Departed: the group of the load balancer, not the range of the VPC.
proof "alb.target-sg-allows-vpc-range" {
  every "aws_vpc_security_group_ingress_rule" {
    where {
      security_group_id = refers_to("aws_security_group.service")
    }

    referenced_security_group_id = refers_to("aws_security_group.load_balancer")
    cidr_ipv4                    = absent()
  }
}

proof "alb.sg-public-ingress" {
  options = { cdn = false, ipv6 = true }

  given = {
    load_balancer_ingress_cidr_blocks = ["0.0.0.0/0", "::/0"]
  }

  some "aws_vpc_security_group_ingress_rule" {
    security_group_id = refers_to("aws_security_group.load_balancer")
    from_port         = 443
    cidr_ipv4         = "0.0.0.0/0"
    cidr_ipv6         = absent()
  }

  some "aws_vpc_security_group_ingress_rule" {
    security_group_id = refers_to("aws_security_group.load_balancer")
    from_port         = 443
    cidr_ipv4         = absent()
    cidr_ipv6         = "::/0"
  }

  every "aws_lb" {
    internal        = false
    ip_address_type = "dualstack"
  }
}
