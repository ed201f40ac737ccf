# Passes connections on as they are: TLS is terminated at the targets.
resource "aws_lb" "this" {
  # checkov:skip=CKV_AWS_91:a network load balancer logs only connections that it decrypts; flow logs record all others
  name               = "${var.name}-service"
  load_balancer_type = "network"
  internal           = true

  subnets         = var.subnet_ids
  security_groups = [aws_security_group.this.id] # why: it cannot be added to an existing load balancer

  enforce_security_group_inbound_rules_on_private_link_traffic = "off" # why: consumers have addresses of their own networks, which may overlap; who may connect is decided at the endpoint service
  enable_cross_zone_load_balancing                             = true  # why: consumers connect in every zone, but targets may not be in all of them
  enable_deletion_protection                                   = var.deletion_protection
}

resource "aws_lb_listener" "this" {
  load_balancer_arn = aws_lb.this.arn
  port              = var.port
  protocol          = "TCP"

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this.arn
  }
}

resource "aws_lb_target_group" "this" {
  name        = "${var.name}-${var.target_type}-${var.target_port}" # why: a new group must exist before the listener releases the old one
  vpc_id      = var.vpc_id
  target_type = var.target_type
  protocol    = "TCP"
  port        = var.target_port

  health_check {
    protocol            = var.health_check.protocol
    path                = var.health_check.protocol == "TCP" ? null : var.health_check.path
    interval            = 10
    healthy_threshold   = 2
    unhealthy_threshold = 2
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_lb_target_group_attachment" "this" {
  for_each = var.targets

  target_group_arn = aws_lb_target_group.this.arn
  target_id        = each.value
  port             = var.target_port
}

# Without inbound rules: consumers come through AWS PrivateLink, which it does not check.
resource "aws_security_group" "this" {
  name        = "${var.name}-service"
  description = "Internal load balancer of ${var.name}"
  vpc_id      = var.vpc_id

  tags = { Name = "${var.name}-service" }
}

resource "aws_vpc_security_group_egress_rule" "targets" {
  security_group_id = aws_security_group.this.id
  description       = "To the targets"
  cidr_ipv4         = var.vpc_cidr_block
  ip_protocol       = "tcp"
  from_port         = var.target_port
  to_port           = var.target_port
}
