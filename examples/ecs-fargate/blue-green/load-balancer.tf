locals {
  load_balancer_test_address = "${aws_lb.load_balancer.dns_name}:${var.load_balancer_test_port}"
}

# trivy:ignore:AWS-0053 found only where users, or CloudFront, reach it over the internet
resource "aws_lb" "load_balancer" {
  # checkov:skip=CKV2_AWS_28:with CloudFront its web ACL is there; else the owner chooses
  # checkov:skip=CKV2_AWS_76:managed rule groups of the web ACL count before they block
  name               = var.name
  load_balancer_type = "application" # notes 01: takes the requests and spreads them
  internal           = true

  subnets         = aws_subnet.network_app[*].id
  security_groups = [aws_security_group.load_balancer.id]

  drop_invalid_header_fields = true        # why: a header that breaks the rules is an attack or a fault
  desync_mitigation_mode     = "defensive" # why: stops request smuggling and still serves odd clients
  enable_deletion_protection = var.deletion_protection

  access_logs {
    bucket  = aws_s3_bucket_policy.logs.bucket
    prefix  = "alb"
    enabled = true
  }

  # One that comes in its place must stand before CloudFront can let go of the old one.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lb_target_group" "load_balancer" {
  # checkov:skip=CKV_AWS_378:TLS ends at the load balancer, and the way to the tasks stays inside the VPC
  name        = var.name
  vpc_id      = aws_vpc.network.id
  target_type = "ip"               # notes 14-03, 01: every task has an address of its own
  protocol    = "HTTP"             # notes 01: TLS ends here; X-Forwarded-Proto tells the application
  port        = var.container_port # notes 01: that of the application

  load_balancing_algorithm_type = "round_robin" # notes 01: round robin, or the fewest requests in hand
  deregistration_delay          = 60            # why: longer than a request takes, and no deployment waits for minutes

  health_check { # notes 01: only healthy targets get requests
    path                = var.load_balancer_health_check_path
    matcher             = var.load_balancer_health_check_codes
    interval            = 15
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [port] # why: ECS registers each task with the port of its container; a new group would begin without tasks
  }
}

# Blue/green: the new tasks start here while the other group still serves.
resource "aws_lb_target_group" "load_balancer_green" {
  # checkov:skip=CKV_AWS_378:TLS ends at the load balancer, and the way to the tasks stays inside the VPC
  name        = "${var.name}-green"
  vpc_id      = aws_vpc.network.id
  target_type = "ip"               # notes 14-03, 01: every task has an address of its own
  protocol    = "HTTP"             # notes 01: TLS ends here; X-Forwarded-Proto tells the application
  port        = var.container_port # notes 01: that of the application

  load_balancing_algorithm_type = "round_robin" # notes 01: round robin, or the fewest requests in hand
  deregistration_delay          = 60            # why: longer than a request takes, and no deployment waits for minutes

  health_check { # notes 01: only healthy targets get requests
    path                = var.load_balancer_health_check_path
    matcher             = var.load_balancer_health_check_codes
    interval            = 15
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [port]
  }
}

resource "aws_lb_listener" "load_balancer_https" {
  load_balancer_arn = aws_lb.load_balancer.arn
  port              = 443 # notes 01: nothing but HTTPS
  protocol          = "HTTPS"
  certificate_arn   = aws_acm_certificate_validation.certificate.certificate_arn
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09" # notes 01: TLS 1.2 and 1.3, as AWS recommends

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.load_balancer.arn # notes 01: whatever no rule routes
  }
}

# Takes every request. ECS moves the weights of a rule, not those of the listener.
# notes 01: a condition and what is done then
resource "aws_lb_listener_rule" "load_balancer_production" {
  listener_arn = aws_lb_listener.load_balancer_https.arn
  priority     = 1

  condition {
    path_pattern {
      values = ["/*"]
    }
  }

  action {
    type = "forward"

    forward {
      target_group {
        arn    = aws_lb_target_group.load_balancer.arn
        weight = 100
      }

      target_group {
        arn    = aws_lb_target_group.load_balancer_green.arn
        weight = 0
      }
    }
  }

  lifecycle {
    ignore_changes = [action] # why: ECS moves the weights with every deployment
  }
}

# The new version is looked at here before users see it.
resource "aws_lb_listener" "load_balancer_test" {
  load_balancer_arn = aws_lb.load_balancer.arn
  port              = var.load_balancer_test_port # notes 10-03: testers see green on a port of its own
  protocol          = "HTTPS"
  certificate_arn   = aws_acm_certificate_validation.certificate.certificate_arn
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09" # notes 01: TLS 1.2 and 1.3, as AWS recommends

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.load_balancer_green.arn
  }
}

resource "aws_lb_listener_rule" "load_balancer_test" {
  listener_arn = aws_lb_listener.load_balancer_test.arn
  priority     = 1

  condition {
    path_pattern {
      values = ["/*"]
    }
  }

  action {
    type = "forward"

    forward {
      target_group {
        arn    = aws_lb_target_group.load_balancer.arn
        weight = 100
      }

      target_group {
        arn    = aws_lb_target_group.load_balancer_green.arn
        weight = 0
      }
    }
  }

  lifecycle {
    ignore_changes = [action] # why: ECS moves the weights with every deployment
  }
}

# The rules towards the targets belong to whoever owns the targets.
# notes 01: CloudFront alone, or the addresses of those whom the site is for
resource "aws_security_group" "load_balancer" {
  name        = "${var.name}-alb"
  description = "Load balancer of ${var.name}"
  vpc_id      = aws_vpc.network.id
}

data "aws_ec2_managed_prefix_list" "load_balancer_cloudfront" {
  name = "com.amazonaws.global.cloudfront.origin-facing"
}

resource "aws_vpc_security_group_ingress_rule" "load_balancer_cloudfront" {
  security_group_id = aws_security_group.load_balancer.id
  description       = "HTTPS from CloudFront"
  prefix_list_id    = data.aws_ec2_managed_prefix_list.load_balancer_cloudfront.id # notes 26: nobody but CloudFront
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_ingress_rule" "load_balancer_test" {
  for_each = toset(var.load_balancer_test_cidr_blocks)

  security_group_id = aws_security_group.load_balancer.id
  description       = "Test listener from ${each.value}"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = var.load_balancer_test_port
  to_port           = var.load_balancer_test_port
}

# ECS Exec forwards a tester's port through a task.
resource "aws_vpc_security_group_ingress_rule" "load_balancer_test_from_tasks" {
  security_group_id            = aws_security_group.load_balancer.id
  description                  = "Test listener from the tasks"
  referenced_security_group_id = aws_security_group.service.id
  ip_protocol                  = "tcp"
  from_port                    = var.load_balancer_test_port
  to_port                      = var.load_balancer_test_port
}

resource "aws_vpc_security_group_egress_rule" "load_balancer_test_from_tasks" {
  security_group_id            = aws_security_group.service.id
  description                  = "Test listener of the load balancer"
  referenced_security_group_id = aws_security_group.load_balancer.id
  ip_protocol                  = "tcp"
  from_port                    = var.load_balancer_test_port
  to_port                      = var.load_balancer_test_port
}
