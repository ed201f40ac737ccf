mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                = "example"
  vpc_id              = "vpc-0123456789abcdef0"
  vpc_cidr_block      = "10.200.48.0/23"
  subnet_ids          = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  port                = 443
  deletion_protection = true
}

run "is_inside_the_vpc" {
  command = apply

  variables {
    target_port = 8443
    targets     = { one = "10.200.48.10", two = "10.200.48.70" }
  }

  assert {
    condition     = aws_lb.this.internal && aws_lb.this.load_balancer_type == "network" && toset(aws_lb.this.subnets) == toset(var.subnet_ids)
    error_message = "The load balancer must be internal, with an address in each zone."
  }

  assert {
    condition     = aws_lb.this.enforce_security_group_inbound_rules_on_private_link_traffic == "off" && aws_lb.this.security_groups == toset([aws_security_group.this.id])
    error_message = "Consumers, whose addresses are unknown here, must not be rejected by the security group."
  }

  assert {
    condition     = aws_lb.this.enable_deletion_protection == var.deletion_protection && aws_lb.this.enable_cross_zone_load_balancing
    error_message = "The load balancer must be protected as configured, and use targets in every zone."
  }

  assert {
    condition     = aws_lb_listener.this.load_balancer_arn == aws_lb.this.arn && aws_lb_listener.this.port == var.port && aws_lb_listener.this.protocol == "TCP" && aws_lb_listener.this.default_action[0].target_group_arn == aws_lb_target_group.this.arn
    error_message = "Connections must be passed on to the targets as they are."
  }

  assert {
    condition     = aws_lb_target_group.this.target_type == var.target_type && aws_lb_target_group.this.port == var.target_port && aws_lb_target_group.this.protocol == "TCP" && aws_lb_target_group.this.health_check[0].protocol == var.health_check.protocol
    error_message = "Targets must be registered and checked as configured."
  }

  assert {
    condition     = tomap({ for name, target in aws_lb_target_group_attachment.this : name => target.target_id }) == tomap({ for name, target in var.targets : name => target }) && alltrue([for target in aws_lb_target_group_attachment.this : target.target_group_arn == aws_lb_target_group.this.arn && target.port == var.target_port])
    error_message = "The named targets must be registered."
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.targets.cidr_ipv4 == var.vpc_cidr_block && aws_vpc_security_group_egress_rule.targets.from_port == var.target_port && aws_vpc_security_group_egress_rule.targets.to_port == var.target_port && aws_vpc_security_group_egress_rule.targets.ip_protocol == "tcp"
    error_message = "The load balancer may reach only targets in the VPC, on their port."
  }

  assert {
    condition     = output.alarms["service"].dimensions == { LoadBalancer = aws_lb.this.arn_suffix, TargetGroup = aws_lb_target_group.this.arn_suffix } && toset(keys(output.alarms["service"].metrics)) == toset(["HealthyHostCount", "UnHealthyHostCount"])
    error_message = "The module must say that the service's targets are to be monitored."
  }
}

run "checks_by_a_request" {
  command = plan

  variables {
    target_type  = "alb"
    targets      = { web = "arn:aws:elasticloadbalancing:xx-example-1:123456789012:loadbalancer/app/web/0123456789abcdef" }
    health_check = { protocol = "HTTPS", path = "/health" }
  }

  assert {
    condition     = aws_lb_target_group.this.health_check[0].path == "/health" && aws_lb_target_group.this.target_type == "alb"
    error_message = "An application load balancer must be checked with a request."
  }
}

run "refuses_a_connection_as_check_of_a_load_balancer" {
  command = plan

  variables {
    target_type  = "alb"
    targets      = {}
    health_check = { protocol = "TCP" }
  }

  expect_failures = [var.health_check]
}
