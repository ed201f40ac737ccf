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

# waf
run "waf_measures_first" {
  command = plan

  assert {
    condition     = length(aws_wafv2_web_acl.waf.rule) == 1 + length(var.waf_managed_rule_groups)
    error_message = "There must be the rate limit and every managed rule group."
  }

  assert {
    condition     = length([for rule in aws_wafv2_web_acl.waf.rule : rule if length(flatten(rule.override_action[*].count)) == 1]) == length([for mode in values(var.waf_managed_rule_groups) : mode if mode == "count"])
    error_message = "Every managed rule group in the mode count must only count."
  }

  assert {
    condition     = startswith(aws_cloudwatch_log_group.waf.name, "aws-waf-logs-")
    error_message = "WAF refuses a log group whose name does not start with aws-waf-logs-."
  }
}

run "waf_protects_the_load_balancer" {
  command = plan

  assert {
    condition     = aws_wafv2_web_acl.waf.scope == "REGIONAL"
    error_message = "The web ACL must belong to the load balancer."
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
