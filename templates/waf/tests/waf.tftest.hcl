mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name             = "example"
  office_addresses = { company = ["203.0.113.0/24"], partner = ["2001:db8::/48"] }
  access_token     = "onlyAnExampleOnlyAnExampleOnlyAnExample"
}

run "measures_and_limits" {
  command = apply

  assert {
    condition     = anytrue([for rule in aws_wafv2_web_acl.this.rule : length(rule.action[0].count) == 1 && length(rule.action[0].block) == 0 && rule.statement[0].rate_based_statement[0].limit <= 100000 && rule.statement[0].rate_based_statement[0].aggregate_key_type == "IP" if rule.name == "rate-limit"])
    error_message = "The rate limit must notice an address that floods the site, and block nobody until block is set: many people may share one."
  }

  # bpgen:if var.access != "everyone"
  assert {
    condition     = anytrue([for rule in aws_wafv2_web_acl.this.rule : length(rule.statement[0].rate_based_statement[0].scope_down_statement[0].not_statement) == 1 if rule.name == "rate-limit"])
    error_message = "Offices must not be limited: many people share their addresses."
  }

  assert {
    condition     = alltrue([for name, group in var.managed_rule_groups : anytrue([for rule in aws_wafv2_web_acl.this.rule : length(rule.override_action[0].none) == (group.block ? 1 : 0) && length(rule.override_action[0].count) == (group.block ? 0 : 1) if rule.name == name])])
    error_message = "Every managed rule group must be present, and only count until block is set."
  }

  assert {
    condition     = anytrue([for rule in aws_wafv2_web_acl.this.rule : length(rule.override_action) == 1])
    error_message = "At least one group of managed rules must inspect the requests."
  }

  # Access as chosen by the options.
  # bpgen:if contains(["everyone", "office-paths"], var.access)
  assert {
    condition     = length(aws_wafv2_web_acl.this.default_action[0].allow) == 1
    error_message = "Requests that no rule blocks must be allowed."
  }

  # bpgen:if !contains(["everyone", "office-paths"], var.access)
  assert {
    condition     = length(aws_wafv2_web_acl.this.default_action[0].block) == 1
    error_message = "Requests that no rule allows must be blocked."
  }

  # bpgen:if var.access == "office-paths"
  assert {
    condition     = anytrue([for rule in aws_wafv2_web_acl.this.rule : length(rule.action[0].block) == 1 && alltrue([for other in aws_wafv2_web_acl.this.rule : other.priority <= rule.priority]) if rule.name == "block-access-to-url-path"])
    error_message = "The rule that blocks the paths must come last, after those that allow the offices."
  }

  # bpgen:if var.access == "office-paths"
  assert {
    condition     = anytrue([for rule in aws_wafv2_web_acl.this.rule : contains([for change in rule.statement[0].regex_pattern_set_reference_statement[0].text_transformation : change.type], "LOWERCASE") if rule.name == "block-access-to-url-path"])
    error_message = "A path in capital letters must be blocked too."
  }

  # bpgen:if var.access != "everyone"
  assert {
    condition     = alltrue([for name, set in aws_wafv2_ip_set.office : set.addresses == toset(var.office_addresses[name]) && set.ip_address_version == (strcontains(var.office_addresses[name][0], ":") ? "IPV6" : "IPV4")])
    error_message = "Each organization must have a set with only its own addresses."
  }

  assert {
    condition     = length(aws_wafv2_web_acl_logging_configuration.this.log_destination_configs) == 1 && startswith(aws_cloudwatch_log_group.this.name, "aws-waf-logs-") && alltrue([for name in ["authorization", "cookie"] : contains([for field in aws_wafv2_web_acl_logging_configuration.this.redacted_fields : field.single_header[0].name], name)])
    error_message = "Requests must be logged, without the headers that contain credentials."
  }

  assert {
    condition     = aws_wafv2_web_acl.this.name == var.name && aws_cloudwatch_log_group.this.name == "aws-waf-logs-${var.name}"
    error_message = "Web ACL and log must have the given name, which differs by region: all web ACLs for CloudFront are in one."
  }

  assert {
    condition     = alltrue([for rule in aws_wafv2_web_acl.this.rule : rule.priority == 0 && rule.statement[0].rate_based_statement[0].evaluation_window_sec == 300 if rule.name == "rate-limit"]) && length(distinct([for rule in aws_wafv2_web_acl.this.rule : rule.priority])) == length(aws_wafv2_web_acl.this.rule)
    error_message = "Requests must be counted over five minutes, before any other rule ends the evaluation."
  }

  assert {
    condition     = alltrue([for rule in aws_wafv2_web_acl.this.rule : rule.priority >= 10 && rule.priority < 100 if length(rule.override_action) == 1])
    error_message = "The managed rules must inspect requests before a rule allows them."
  }

  assert {
    condition     = alltrue([for rule in aws_wafv2_web_acl.this.rule : rule.visibility_config[0].cloudwatch_metrics_enabled && rule.visibility_config[0].metric_name == rule.name])
    error_message = "Each rule must have metrics of its own, which show what it would block."
  }

  assert {
    condition     = aws_wafv2_web_acl_logging_configuration.this.resource_arn == aws_wafv2_web_acl.this.arn && toset(aws_wafv2_web_acl_logging_configuration.this.log_destination_configs) == toset([aws_cloudwatch_log_group.this.arn])
    error_message = "The requests of this web ACL must be logged, in its own log group."
  }

  # bpgen:if var.block_user_agents
  assert {
    condition     = contains([for rule in aws_wafv2_web_acl.this.rule : rule.name], "block-user-agents") && endswith(aws_wafv2_regex_pattern_set.user_agents[0].name, "-user-agents")
    error_message = "Unwanted user agents must be blocked."
  }

  # bpgen:if var.access == "office-paths"
  assert {
    condition     = alltrue([for name in keys(var.office_addresses) : contains([for rule in aws_wafv2_web_acl.this.rule : rule.name], "allow-${name}-to-url-path")]) && endswith(aws_wafv2_regex_pattern_set.office_paths[0].name, "-office-paths")
    error_message = "Each office must be allowed to reach the paths."
  }

  # bpgen:if contains(["office-only", "office-or-token"], var.access)
  assert {
    condition     = alltrue([for name in keys(var.office_addresses) : contains([for rule in aws_wafv2_web_acl.this.rule : rule.name], "allow-${name}")])
    error_message = "Each office must be allowed."
  }

  # bpgen:if var.access == "office-or-token"
  assert {
    condition     = anytrue([for rule in aws_wafv2_web_acl.this.rule : length(rule.action[0].allow) == 1 && length(rule.statement[0].byte_match_statement) == 1 if rule.name == "allow-request-including-access-token"])
    error_message = "Tools with the token must be allowed."
  }

  # bpgen:if var.access != "everyone"
  assert {
    condition     = alltrue([for name, set in aws_wafv2_ip_set.office : endswith(set.name, "-${name}")])
    error_message = "Sets must be named after the organization."
  }
}

run "protects_the_load_balancer" {
  command = apply

  variables {
    scope             = "REGIONAL"
    load_balancer_arn = "arn:aws:elasticloadbalancing:xx-example-1:123456789012:loadbalancer/app/example/0123456789abcdef"
  }

  assert {
    condition     = aws_wafv2_web_acl.this.scope == "REGIONAL" && aws_wafv2_web_acl_association.this[0].web_acl_arn == aws_wafv2_web_acl.this.arn && aws_wafv2_web_acl_association.this[0].resource_arn == var.load_balancer_arn
    error_message = "The web ACL must be in front of the load balancer, and have the matching scope."
  }
}
