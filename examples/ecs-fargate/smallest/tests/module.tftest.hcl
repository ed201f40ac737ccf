mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name           = "example"
  domain_name    = "www.example.com"
  hosted_zone_id = "Z0123456789ABCDEFGHIJ"
  image_tag      = "1f0c2d3"
}

# certificate
run "certificate_certificate_covers_the_domain" {
  command = plan

  assert {
    condition     = aws_acm_certificate.certificate.domain_name == var.domain_name && contains(aws_acm_certificate.certificate.subject_alternative_names, "*.${var.domain_name}")
    error_message = "The certificate covers the domain and its subdomains."
  }

  assert {
    condition     = aws_acm_certificate.certificate.validation_method == "DNS" && aws_route53_record.certificate_validation.zone_id == var.hosted_zone_id
    error_message = "The certificate is validated, and later renewed, by a record in the zone."
  }
}

# load_balancer
run "load_balancer_serves_https_only" {
  command = plan

  assert {
    condition     = aws_lb_listener.load_balancer_https.protocol == "HTTPS" && strcontains(aws_lb_listener.load_balancer_https.ssl_policy, "TLS13-1-2")
    error_message = "The listener must speak TLS 1.2 or newer."
  }

  assert {
    condition     = aws_lb.load_balancer.drop_invalid_header_fields && aws_lb.load_balancer.access_logs[0].enabled
    error_message = "Broken headers must be dropped, and every request must be logged."
  }
}

run "load_balancer_redirects_to_https" {
  command = plan

  assert {
    condition     = aws_lb_listener.load_balancer_http.default_action[0].redirect[0].status_code == "HTTP_301"
    error_message = "Port 80 must do nothing but redirect to HTTPS."
  }
}

# dns
run "dns_domain_is_an_alias" {
  command = plan

  assert {
    condition     = alltrue([for type in ["A", "AAAA"] : aws_route53_record.dns[type].type == type && length(aws_route53_record.dns[type].alias) == 1])
    error_message = "The domain has an alias record for IPv4 and one for IPv6."
  }

  assert {
    condition     = alltrue([for record in aws_route53_record.dns : record.zone_id == var.hosted_zone_id && record.name == var.domain_name])
    error_message = "The records stand in the zone and under the domain that was asked for."
  }
}

# registry
run "registry_images_are_immutable_and_scanned" {
  command = plan

  assert {
    condition     = aws_ecr_repository.registry.image_tag_mutability == "IMMUTABLE" && aws_ecr_repository.registry.image_scanning_configuration[0].scan_on_push
    error_message = "A pushed image is scanned, and its tag never means another one."
  }

  assert {
    condition     = jsondecode(aws_ecr_lifecycle_policy.registry.policy).rules[0].selection.countNumber == 30
    error_message = "The repository keeps as many images as asked for."
  }
}

# service
run "service_is_private_and_survives_faults" {
  command = plan

  assert {
    condition     = !aws_ecs_service.service.network_configuration[0].assign_public_ip
    error_message = "Tasks must have no public address."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.service_load_balancer.from_port == var.container_port && aws_vpc_security_group_ingress_rule.service_load_balancer.cidr_ipv4 == null
    error_message = "Only the load balancer may reach the tasks."
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.service_endpoints.to_port == 443 && aws_vpc_security_group_egress_rule.service_endpoints.cidr_ipv4 == null
    error_message = "Tasks must reach the VPC endpoints by their security group, on port 443."
  }

  assert {
    condition     = aws_appautoscaling_target.service.min_capacity >= 2
    error_message = "There must be two tasks at least, or the loss of a zone is an outage."
  }

  assert {
    condition     = aws_ecs_service.service.deployment_circuit_breaker[0].rollback
    error_message = "A version that does not start must be rolled back."
  }
}

run "service_refuses_a_size_that_fargate_lacks" {
  command = plan

  variables {
    service_cpu    = 1024
    service_memory = 1024
  }

  expect_failures = [var.service_memory]
}
