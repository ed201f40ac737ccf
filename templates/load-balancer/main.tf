# trivy:ignore:AWS-0053 reported only if users or CloudFront reach it over the internet
resource "aws_lb" "this" {
  # checkov:skip=CKV2_AWS_28:with CloudFront the web ACL is there; otherwise it is the owner's choice
  # checkov:skip=CKV2_AWS_76:managed rule groups of the web ACL count first, then block
  name               = var.internal ? var.name : "${var.name}-public"
  load_balancer_type = "application" # notes: alb.reverse-proxy-load-balancer receives requests and distributes them
  internal           = var.internal
  ip_address_type    = var.ipv6 ? "dualstack" : null

  subnets         = var.subnet_ids
  security_groups = [aws_security_group.this.id]

  drop_invalid_header_fields = true        # why: an invalid header is an attack or a fault
  desync_mitigation_mode     = "defensive" # why: stops request smuggling but still serves unusual clients
  enable_deletion_protection = var.deletion_protection

  access_logs {
    bucket  = var.log_bucket
    prefix  = "alb"
    enabled = true
  }

  # A replacement must exist before CloudFront can release the old one.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lb_target_group" "this" {
  # checkov:skip=CKV_AWS_378:TLS is terminated at the load balancer, and traffic to the tasks stays inside the VPC
  name        = var.name
  vpc_id      = var.vpc_id
  target_type = "ip"   # notes: ecs-fargate.alb-routes-to-task-private-ip, alb.target-type, alb.target-type-ip-static every task has its own address
  protocol    = "HTTP" # notes: alb.tls-terminated-http-to-targets X-Forwarded-Proto tells the application that it was HTTPS
  port        = var.target_port

  load_balancing_algorithm_type     = var.load_balancing_algorithm # notes: alb.load-balancing-algorithm round robin, or least outstanding requests
  load_balancing_anomaly_mitigation = var.load_balancing_algorithm == "weighted_random" ? "on" : null
  deregistration_delay              = 60 # why: longer than a request takes, without delaying deployments by minutes

  # bpgen:if var.sticky_sessions
  stickiness {
    type            = "lb_cookie"
    cookie_duration = 86400 # why: a day, like a session
  }

  health_check {
    path                = var.health_check_path
    matcher             = var.health_check_codes
    interval            = 15
    timeout             = 5
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }

  lifecycle {
    create_before_destroy = true
    ignore_changes        = [port] # why: ECS registers each task with the port of its container; a new group would start without tasks
  }
}

# Blue/green: the new tasks start here while the other group still serves traffic.
resource "aws_lb_target_group" "green" {
  count = var.deployment == "rolling" ? 0 : 1

  # checkov:skip=CKV_AWS_378:TLS is terminated at the load balancer, and traffic to the tasks stays inside the VPC
  name        = "${var.name}-green"
  vpc_id      = var.vpc_id
  target_type = "ip"   # notes: ecs-fargate.alb-routes-to-task-private-ip, alb.target-type, alb.target-type-ip-static every task has its own address
  protocol    = "HTTP" # notes: alb.tls-terminated-http-to-targets X-Forwarded-Proto tells the application that it was HTTPS
  port        = var.target_port

  load_balancing_algorithm_type     = var.load_balancing_algorithm # notes: alb.load-balancing-algorithm round robin, or least outstanding requests
  load_balancing_anomaly_mitigation = var.load_balancing_algorithm == "weighted_random" ? "on" : null
  deregistration_delay              = 60 # why: longer than a request takes, without delaying deployments by minutes

  # bpgen:if var.sticky_sessions
  stickiness {
    type            = "lb_cookie"
    cookie_duration = 86400 # why: a day, like a session
  }

  health_check {
    path                = var.health_check_path
    matcher             = var.health_check_codes
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

resource "aws_lb_listener" "https" {
  load_balancer_arn = aws_lb.this.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = var.certificate_arn
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09" # why: TLS 1.2 and 1.3, as AWS recommends

  default_action {
    type             = var.cloudfront_only ? "fixed-response" : "forward"
    target_group_arn = var.cloudfront_only ? null : aws_lb_target_group.this.arn # notes: alb.https-443-forward what no rule routes

    # Requests without the secret did not come through our distribution.
    dynamic "fixed_response" {
      for_each = var.cloudfront_only ? [1] : []

      content {
        content_type = "text/plain"
        status_code  = "403"
      }
    }
  }

  # bpgen:if var.deployment == "codedeploy"
  lifecycle {
    ignore_changes = [default_action] # why: CodeDeploy changes the listener with every deployment
  }
}

# All distributions worldwide share the same addresses: ours sends a secret.
resource "aws_lb_listener_rule" "cloudfront" {
  count = var.cloudfront_only && var.deployment != "blue-green" ? 1 : 0

  listener_arn = aws_lb_listener.https.arn
  priority     = 1

  condition {
    http_header {
      http_header_name = "X-Origin-Verify"
      values           = var.cloudfront_secrets # why: two while the secret is being rotated
    }
  }

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this.arn
  }
}

resource "aws_lb_listener" "http" {
  count = var.internal || var.cloudfront_only ? 0 : 1

  load_balancer_arn = aws_lb.this.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect" # notes: alb.http-80-redirect-to-https HTTP_301 to HTTPS

    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
  }
}

# Matches every request. ECS changes the weights of a rule, not those of the listener.
resource "aws_lb_listener_rule" "production" {
  count = var.deployment == "blue-green" ? 1 : 0

  listener_arn = aws_lb_listener.https.arn
  priority     = 1

  condition {
    path_pattern {
      values = ["/*"]
    }
  }

  # All distributions worldwide share the same addresses: ours sends a secret.
  dynamic "condition" {
    for_each = var.cloudfront_only ? [1] : []

    content {
      http_header {
        http_header_name = "X-Origin-Verify"
        values           = var.cloudfront_secrets # why: two while the secret is being rotated
      }
    }
  }

  action {
    type = "forward"

    forward {
      target_group {
        arn    = aws_lb_target_group.this.arn
        weight = 100
      }

      target_group {
        arn    = aws_lb_target_group.green[0].arn
        weight = 0
      }
    }
  }

  lifecycle {
    ignore_changes = [action] # why: ECS changes the weights with every deployment
  }
}

# The new version can be tested here before users see it.
resource "aws_lb_listener" "test" {
  count = var.deployment == "rolling" ? 0 : 1

  load_balancer_arn = aws_lb.this.arn
  port              = var.test_port # why: testers see green on its own port
  protocol          = "HTTPS"
  certificate_arn   = var.certificate_arn
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09" # why: TLS 1.2 and 1.3, as AWS recommends

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.green[0].arn
  }

  # bpgen:if var.deployment == "codedeploy"
  lifecycle {
    ignore_changes = [default_action] # why: CodeDeploy changes the listener with every deployment
  }
}

resource "aws_lb_listener_rule" "test" {
  count = var.deployment == "blue-green" ? 1 : 0

  listener_arn = aws_lb_listener.test[0].arn
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
        arn    = aws_lb_target_group.this.arn
        weight = 100
      }

      target_group {
        arn    = aws_lb_target_group.green[0].arn
        weight = 0
      }
    }
  }

  lifecycle {
    ignore_changes = [action] # why: ECS changes the weights with every deployment
  }
}

# The rules towards the targets are created with the targets.
# notes: alb.sg-exposure all addresses for a public site, the company's for an in-house one
resource "aws_security_group" "this" {
  name        = "${var.name}-alb"
  description = "Load balancer of ${var.name}"
  vpc_id      = var.vpc_id
}

data "aws_ec2_managed_prefix_list" "cloudfront" {
  count = var.internal || var.cloudfront_only ? 1 : 0

  name = "com.amazonaws.global.cloudfront.origin-facing"
}

# departs: security-group.alb-source requests that did not pass through CloudFront and its WAF stay out
resource "aws_vpc_security_group_ingress_rule" "cloudfront" {
  count = var.internal || var.cloudfront_only ? 1 : 0

  security_group_id = aws_security_group.this.id
  description       = "HTTPS from CloudFront"
  prefix_list_id    = data.aws_ec2_managed_prefix_list.cloudfront[0].id # notes: security-group.alb-https TCP 443, for CloudFront
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_ingress_rule" "https" {
  for_each = var.internal || var.cloudfront_only ? toset([]) : toset(var.ingress_cidr_blocks)

  security_group_id = aws_security_group.this.id
  description       = "HTTPS from ${each.value}"
  cidr_ipv4         = var.ipv6 && strcontains(each.value, ":") ? null : each.value
  cidr_ipv6         = var.ipv6 && strcontains(each.value, ":") ? each.value : null
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_ingress_rule" "http" {
  for_each = var.internal || var.cloudfront_only ? toset([]) : toset(var.ingress_cidr_blocks)

  # checkov:skip=CKV_AWS_260:port 80 only redirects to HTTPS
  security_group_id = aws_security_group.this.id
  description       = "HTTP from ${each.value}, redirected to HTTPS"
  cidr_ipv4         = var.ipv6 && strcontains(each.value, ":") ? null : each.value
  cidr_ipv6         = var.ipv6 && strcontains(each.value, ":") ? each.value : null
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80
}

resource "aws_vpc_security_group_ingress_rule" "test" {
  for_each = var.deployment == "rolling" ? toset([]) : toset(var.test_cidr_blocks)

  security_group_id = aws_security_group.this.id
  description       = "Test listener from ${each.value}"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = var.test_port
  to_port           = var.test_port
}

# ECS Exec forwards a tester's port through a task.
resource "aws_vpc_security_group_ingress_rule" "test_from_tasks" {
  count = var.test_through_tasks ? 1 : 0

  security_group_id            = aws_security_group.this.id
  description                  = "Test listener from the tasks"
  referenced_security_group_id = var.task_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = var.test_port
  to_port                      = var.test_port
}

resource "aws_vpc_security_group_egress_rule" "test_from_tasks" {
  count = var.test_through_tasks ? 1 : 0

  security_group_id            = var.task_security_group_id
  description                  = "Test listener of the load balancer"
  referenced_security_group_id = aws_security_group.this.id
  ip_protocol                  = "tcp"
  from_port                    = var.test_port
  to_port                      = var.test_port
}
