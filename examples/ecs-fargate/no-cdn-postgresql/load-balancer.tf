# trivy:ignore:AWS-0053 reported only if users or CloudFront reach it over the internet
resource "aws_lb" "load_balancer" {
  # checkov:skip=CKV2_AWS_28:with CloudFront the web ACL is there; otherwise it is the owner's choice
  # checkov:skip=CKV2_AWS_76:managed rule groups of the web ACL count first, then block
  name               = "${var.name}-public"
  load_balancer_type = "application" # notes alb.reverse-proxy-load-balancer: receives requests and distributes them
  internal           = false

  subnets         = aws_subnet.network_public[*].id
  security_groups = [aws_security_group.load_balancer.id]

  drop_invalid_header_fields = true        # why: an invalid header is an attack or a fault
  desync_mitigation_mode     = "defensive" # why: stops request smuggling but still serves unusual clients
  enable_deletion_protection = var.deletion_protection

  access_logs {
    bucket  = aws_s3_bucket_policy.logs.bucket
    prefix  = "alb"
    enabled = true
  }

  # A replacement must exist before CloudFront can release the old one.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lb_target_group" "load_balancer" {
  # checkov:skip=CKV_AWS_378:TLS is terminated at the load balancer, and traffic to the tasks stays inside the VPC
  name        = var.name
  vpc_id      = aws_vpc.network.id
  target_type = "ip"   # notes ecs-fargate.alb-routes-to-task-private-ip, alb.target-type: every task has its own address; departs from notes alb.target-type-ip-static
  protocol    = "HTTP" # notes alb.tls-terminated-http-to-targets: X-Forwarded-Proto tells the application that it was HTTPS
  port        = var.container_port

  load_balancing_algorithm_type = "round_robin" # notes alb.load-balancing-algorithm: round robin, or least outstanding requests
  deregistration_delay          = 60            # why: longer than a request takes, without delaying deployments by minutes

  health_check {
    path                = var.load_balancer_health_check_path
    matcher             = var.load_balancer_health_check_codes
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

resource "aws_lb_listener" "load_balancer_https" {
  load_balancer_arn = aws_lb.load_balancer.arn
  port              = 443
  protocol          = "HTTPS"
  certificate_arn   = aws_acm_certificate_validation.certificate.certificate_arn
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09" # why: TLS 1.2 and 1.3, as AWS recommends

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.load_balancer.arn # notes alb.https-443-forward: what no rule routes
  }
}

resource "aws_lb_listener" "load_balancer_http" {
  load_balancer_arn = aws_lb.load_balancer.arn
  port              = 80
  protocol          = "HTTP"

  default_action {
    type = "redirect" # notes alb.http-80-redirect-to-https: HTTP_301 to HTTPS

    redirect {
      protocol    = "HTTPS"
      port        = "443"
      status_code = "HTTP_301"
    }
  }
}

# The rules towards the targets are created with the targets.
# notes alb.sg-exposure: all addresses for a public site, the company's for an in-house one
resource "aws_security_group" "load_balancer" {
  name        = "${var.name}-alb"
  description = "Load balancer of ${var.name}"
  vpc_id      = aws_vpc.network.id
}

resource "aws_vpc_security_group_ingress_rule" "load_balancer_https" {
  for_each = toset(var.load_balancer_ingress_cidr_blocks)

  security_group_id = aws_security_group.load_balancer.id
  description       = "HTTPS from ${each.value}"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_ingress_rule" "load_balancer_http" {
  for_each = toset(var.load_balancer_ingress_cidr_blocks)

  # checkov:skip=CKV_AWS_260:port 80 only redirects to HTTPS
  security_group_id = aws_security_group.load_balancer.id
  description       = "HTTP from ${each.value}, redirected to HTTPS"
  cidr_ipv4         = each.value
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80
}

# Metrics to monitor; statistics, thresholds and minutes are chosen by this module.
locals {
  load_balancer_alarms = {
    targets = {
      namespace  = "AWS/ApplicationELB"
      dimensions = { LoadBalancer = aws_lb.load_balancer.arn_suffix, TargetGroup = aws_lb_target_group.load_balancer.arn_suffix }
      # notes cloudwatch-metrics.alb-healthy-host-count: a metric to watch
      metrics = {
        HealthyHostCount = { statistic = "Minimum", is = "below", threshold = 1, minutes = 3 } # why: without any the site is down
      }
    }

    alb = {
      namespace  = "AWS/ApplicationELB"
      dimensions = { LoadBalancer = aws_lb.load_balancer.arn_suffix }
      # notes cloudwatch-metrics.alb-elb-4xx, cloudwatch-metrics.alb-elb-5xx: metrics to watch
      # notes cloudwatch-metrics.alb-target-4xx, cloudwatch-metrics.alb-target-5xx: metrics to watch
      # notes cloudwatch-metrics.alb-rejected-connection-count, cloudwatch-metrics.alb-target-connection-error-count, cloudwatch-metrics.alb-target-tls-negotiation-error-count: metrics to watch
      metrics = {
        HTTPCode_ELB_4XX_Count         = { statistic = "Sum", is = "above", threshold = 100, minutes = 3 } # why: requests that reach no task
        HTTPCode_ELB_5XX_Count         = { statistic = "Sum", is = "above", threshold = 10, minutes = 3 }  # why: no task answers in time
        HTTPCode_Target_4XX_Count      = { statistic = "Sum", is = "above", threshold = 100, minutes = 3 } # why: the application refuses requests
        HTTPCode_Target_5XX_Count      = { statistic = "Sum", is = "above", threshold = 10, minutes = 3 }  # why: the application fails
        RejectedConnectionCount        = { statistic = "Sum", is = "above", threshold = 0, minutes = 3 }   # why: the load balancer is full
        TargetConnectionErrorCount     = { statistic = "Sum", is = "above", threshold = 10, minutes = 3 }  # why: tasks refuse connections
        TargetTLSNegotiationErrorCount = { statistic = "Sum", is = "above", threshold = 10, minutes = 3 }  # why: silent while tasks use HTTP
      }
    }
  }
}
