mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name            = "example"
  vpc_id          = "vpc-0123456789abcdef0"
  subnet_ids      = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  certificate_arn = "arn:aws:acm:xx-example-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef"
  log_bucket      = "example-logs"

  ingress_cidr_blocks = ["203.0.113.0/24"]
}

run "serves_https_only" {
  command = plan

  assert {
    condition     = strcontains(aws_lb_listener.https.ssl_policy, "TLS13-1-2") && aws_lb.this.drop_invalid_header_fields && aws_lb.this.access_logs[0].enabled
    error_message = "The load balancer must require TLS 1.2 or newer, drop invalid headers and log every request."
  }

  assert {
    condition     = aws_lb.this.enable_deletion_protection && aws_lb.this.desync_mitigation_mode != "monitor" && aws_lb_target_group.this.target_type == "ip"
    error_message = "The load balancer must refuse to be deleted, refuse smuggled requests, and have addresses of tasks as its targets."
  }

  assert {
    condition     = can(regex("^[23][0-9]{2}([-,][23][0-9]{2})*$", aws_lb_target_group.this.health_check[0].matcher)) && aws_lb_target_group.this.health_check[0].matcher == var.health_check_codes
    error_message = "A task that answers its health check with an error must get no requests."
  }

  # bpgen:if var.internal
  assert {
    condition     = aws_lb.this.internal && aws_vpc_security_group_ingress_rule.cloudfront[0].cidr_ipv4 == null
    error_message = "Only CloudFront may reach the load balancer."
  }
}

run "registers_tasks_by_their_port" {
  command = apply

  assert {
    condition     = aws_lb_target_group.this.port == var.target_port
    error_message = "The initial port of the target group must be the container's."
  }

  assert {
    condition     = aws_lb_listener.https.port == 443 && aws_lb_listener.https.certificate_arn == var.certificate_arn && aws_lb_target_group.this.protocol == "HTTP" && aws_lb.this.access_logs[0].bucket == var.log_bucket
    error_message = "TLS must be terminated at the load balancer, which must write its log to the bucket."
  }

  # bpgen:if !var.cloudfront_only
  assert {
    condition     = aws_lb_listener.https.default_action[0].type == "forward" && aws_lb_listener.https.default_action[0].target_group_arn == aws_lb_target_group.this.arn
    error_message = "What no rule matches must reach the application."
  }

  # bpgen:if var.internal || var.cloudfront_only
  assert {
    condition     = alltrue([for rule in aws_vpc_security_group_ingress_rule.cloudfront : rule.prefix_list_id == data.aws_ec2_managed_prefix_list.cloudfront[0].id && rule.ip_protocol == "tcp" && rule.from_port == 443 && rule.to_port == 443])
    error_message = "Only CloudFront may connect, over HTTPS."
  }

  assert {
    condition     = alltrue([for rule in concat(values(aws_vpc_security_group_ingress_rule.https), values(aws_vpc_security_group_ingress_rule.http)) : rule.security_group_id == aws_security_group.this.id])
    error_message = "The rules must be those of the load balancer's group."
  }
}

run "keeps_the_target_group_for_another_port" {
  command = plan

  variables {
    target_port = 8080
  }

  assert {
    condition     = aws_lb_target_group.this.port != 8080 && aws_lb_target_group.this.name == var.name
    error_message = "A different container port must not replace the target group: the new one would start without tasks."
  }
}

run "goes_around_unhealthy_tasks" {
  command = plan

  variables {
    load_balancing_algorithm = "weighted_random"
  }

  assert {
    condition     = aws_lb_target_group.this.load_balancing_anomaly_mitigation == "on"
    error_message = "Random routing must avoid anomalous tasks."
  }
}

run "knows_cloudfront_by_a_secret" {
  command = plan

  variables {
    internal           = false
    cloudfront_only    = true
    cloudfront_secrets = ["onlyAnExampleOnlyAnExampleOnlyAnExample"]
  }

  assert {
    condition     = aws_lb_listener.https.default_action[0].type == "fixed-response" && length(aws_vpc_security_group_ingress_rule.https) == 0
    error_message = "Requests that did not come through our distribution must be refused."
  }
}

run "redirects_to_https" {
  command = plan

  variables {
    internal            = false
    ingress_cidr_blocks = ["203.0.113.0/24"]
  }

  assert {
    condition     = aws_lb_listener.http[0].default_action[0].type == "redirect" && aws_lb_listener.http[0].default_action[0].redirect[0].protocol == "HTTPS" && aws_lb_listener.http[0].default_action[0].redirect[0].status_code == "HTTP_301"
    error_message = "Port 80 must only redirect to HTTPS."
  }

  assert {
    condition     = !aws_lb.this.internal && aws_lb_listener.http[0].port == 80 && aws_lb_listener.http[0].default_action[0].redirect[0].port == "443"
    error_message = "Users must reach the load balancer, and those who use HTTP must be redirected to HTTPS."
  }

  assert {
    condition     = alltrue([for block, rule in aws_vpc_security_group_ingress_rule.https : rule.cidr_ipv4 == block && rule.cidr_ipv6 == null && rule.from_port == 443 && rule.to_port == 443])
    error_message = "Only the given addresses may reach the site."
  }
}

run "splits_traffic" {
  command = plan

  variables {
    deployment = "blue-green"
  }

  assert {
    condition     = sum([for group in aws_lb_listener_rule.production[0].action[0].forward[0].target_group : group.weight]) == 100
    error_message = "The two target groups must share all of the traffic."
  }
}

# bpgen:if var.internal && var.deployment != "rolling"
run "refuses_testers_from_the_internet" {
  command = plan

  variables {
    test_cidr_blocks = ["203.0.113.0/24"]
  }

  expect_failures = [var.test_cidr_blocks]
}

run "is_tested_through_a_task" {
  command = plan

  variables {
    test_through_tasks     = true
    task_security_group_id = "sg-0123456789abcdef0"
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.test_from_tasks[0].to_port == var.test_port && aws_vpc_security_group_ingress_rule.test_from_tasks[0].to_port == var.test_port && aws_vpc_security_group_ingress_rule.test_from_tasks[0].cidr_ipv4 == null
    error_message = "A tester must be able to reach the test listener, and no other port, through a task."
  }
}
