data "aws_region" "current" {}

resource "aws_wafv2_web_acl" "this" {
  # checkov:skip=CKV_AWS_192:managed rule groups count first, then block
  name  = var.name # why: unique in a region, and all web ACLs for CloudFront are in one
  scope = var.scope

  default_action {
    # notes: waf.rule-block-user-agents-default-action, waf.url-path-default-action requests that no rule blocks are allowed
    dynamic "allow" {
      for_each = contains(["everyone", "office-paths"], var.access) ? [1] : []
      content {}
    }

    # notes: waf.rule-allow-request-including-access-token-default-action, waf.allow-global-ip-addresses-default-action no rule allows them
    dynamic "block" {
      for_each = contains(["everyone", "office-paths"], var.access) ? [] : [1]
      content {}
    }
  }

  # Rules are evaluated by priority until one allows or blocks; counting does not end the evaluation.
  # notes: waf.first-match-ends-evaluation the first match ends it, so those that allow come last
  # notes: waf.rule-group-use, waf.rule-granularity each rule has one meaning, and metrics of its own
  rule {
    name     = "rate-limit"
    priority = 0

    # Many people share one address behind an office or a mobile network: check who would be affected before blocking.
    action {
      dynamic "count" {
        for_each = var.rate_limit_action == "count" ? [1] : []
        content {}
      }

      dynamic "block" {
        for_each = var.rate_limit_action == "block" ? [1] : []
        content {}
      }
    }

    statement {
      rate_based_statement {
        limit                 = var.rate_limit
        evaluation_window_sec = 300 # notes: waf.rule-kind, waf.rate-based-window requests are counted over five minutes
        aggregate_key_type    = "IP"

        # Offices are never limited.
        dynamic "scope_down_statement" {
          for_each = var.access == "everyone" ? [] : [1]

          content {
            not_statement {
              statement {
                dynamic "ip_set_reference_statement" {
                  for_each = length(var.office_addresses) == 1 ? aws_wafv2_ip_set.office : {}

                  content {
                    arn = ip_set_reference_statement.value.arn
                  }
                }

                dynamic "or_statement" {
                  for_each = length(var.office_addresses) > 1 ? [1] : []

                  content {
                    dynamic "statement" {
                      for_each = aws_wafv2_ip_set.office

                      content {
                        ip_set_reference_statement {
                          arn = statement.value.arn
                        }
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }

    visibility_config {
      metric_name                = "rate-limit"
      cloudwatch_metrics_enabled = true
      sampled_requests_enabled   = true
    }
  }

  # notes: waf.rule-block-user-agents those that match a set of patterns
  dynamic "rule" {
    for_each = var.block_user_agents ? [1] : []

    content {
      name     = "block-user-agents"
      priority = 5

      action {
        block {}
      }

      statement {
        regex_pattern_set_reference_statement {
          arn = aws_wafv2_regex_pattern_set.user_agents[0].arn

          field_to_match {
            single_header {
              name = "user-agent"
            }
          }

          text_transformation {
            priority = 0
            type     = "LOWERCASE"
          }
        }
      }

      visibility_config {
        metric_name                = "block-user-agents"
        cloudwatch_metrics_enabled = true
        sampled_requests_enabled   = true
      }
    }
  }

  # notes: waf.attack-zero-day-injection-xss against zero-day attacks, injection and XSS
  dynamic "rule" {
    for_each = var.managed_rule_groups

    content {
      name     = rule.key
      priority = 10 + index(keys(var.managed_rule_groups), rule.key)

      override_action {
        # notes: waf.count-mode, waf.managed-rule-count-first counted first, and not blocked
        dynamic "count" {
          for_each = rule.value.block ? [] : [1]
          content {}
        }

        dynamic "none" {
          for_each = rule.value.block ? [1] : []
          content {}
        }
      }

      statement {
        managed_rule_group_statement {
          vendor_name = "AWS"
          name        = rule.key

          # notes: waf.rule-group-action-override these rules keep counting when their group blocks
          dynamic "rule_action_override" {
            for_each = rule.value.count_only

            content {
              name = rule_action_override.value

              action_to_use {
                count {}
              }
            }
          }
        }
      }

      visibility_config {
        metric_name                = rule.key
        cloudwatch_metrics_enabled = true
        sampled_requests_enabled   = true # notes: waf.sampled-requests-review shows the requests that were allowed or denied
      }
    }
  }

  # notes: waf.url-path-needs-two-rules, waf.rule-allow-access-to-url-path the paths, from an office: allowed
  dynamic "rule" {
    for_each = var.access == "office-paths" ? var.office_addresses : {}

    content {
      name     = "allow-${rule.key}-to-url-path"
      priority = 100 + index(keys(var.office_addresses), rule.key)

      action {
        allow {}
      }

      statement {
        and_statement {
          statement {
            ip_set_reference_statement {
              arn = aws_wafv2_ip_set.office[rule.key].arn
            }
          }

          statement {
            regex_pattern_set_reference_statement {
              arn = aws_wafv2_regex_pattern_set.office_paths[0].arn

              field_to_match {
                uri_path {}
              }

              text_transformation {
                priority = 0
                type     = "URL_DECODE"
              }

              text_transformation {
                priority = 1
                type     = "NORMALIZE_PATH"
              }

              text_transformation {
                priority = 2
                type     = "LOWERCASE"
              }
            }
          }
        }
      }

      visibility_config {
        metric_name                = "allow-${rule.key}-to-url-path"
        cloudwatch_metrics_enabled = true
        sampled_requests_enabled   = true
      }
    }
  }

  # notes: waf.rule-block-access-to-url-path the paths, from anywhere else: blocked
  dynamic "rule" {
    for_each = var.access == "office-paths" ? [1] : []

    content {
      name     = "block-access-to-url-path"
      priority = 200

      action {
        block {}
      }

      statement {
        regex_pattern_set_reference_statement {
          arn = aws_wafv2_regex_pattern_set.office_paths[0].arn

          field_to_match {
            uri_path {}
          }

          text_transformation {
            priority = 0
            type     = "URL_DECODE" # why: an encoded path must not slip through
          }

          text_transformation {
            priority = 1
            type     = "NORMALIZE_PATH"
          }

          text_transformation {
            priority = 2
            type     = "LOWERCASE" # why: many applications treat /Admin as /admin
          }
        }
      }

      visibility_config {
        metric_name                = "block-access-to-url-path"
        cloudwatch_metrics_enabled = true
        sampled_requests_enabled   = true
      }
    }
  }

  # notes: waf.rule-allow-global-ip-addresses one rule per organization: any match allows access
  dynamic "rule" {
    for_each = contains(["office-only", "office-or-token"], var.access) ? var.office_addresses : {}

    content {
      name     = "allow-${rule.key}"
      priority = 100 + index(keys(var.office_addresses), rule.key)

      action {
        allow {}
      }

      statement {
        ip_set_reference_statement {
          arn = aws_wafv2_ip_set.office[rule.key].arn
        }
      }

      visibility_config {
        metric_name                = "allow-${rule.key}"
        cloudwatch_metrics_enabled = true
        sampled_requests_enabled   = true
      }
    }
  }

  # notes: waf.ci-cd-access-with-token, waf.rule-allow-request-including-access-token tools, with a bearer token
  dynamic "rule" {
    for_each = var.access == "office-or-token" ? [1] : []

    content {
      name     = "allow-request-including-access-token"
      priority = 200

      action {
        allow {}
      }

      statement {
        byte_match_statement {
          search_string         = "Bearer ${var.access_token}"
          positional_constraint = "EXACTLY"

          field_to_match {
            single_header {
              name = "authorization"
            }
          }

          text_transformation {
            priority = 0
            type     = "NONE"
          }
        }
      }

      visibility_config {
        metric_name                = "allow-request-including-access-token"
        cloudwatch_metrics_enabled = true
        sampled_requests_enabled   = true
      }
    }
  }

  visibility_config {
    metric_name                = var.name
    cloudwatch_metrics_enabled = true
    sampled_requests_enabled   = true
  }
}

# notes: waf.ip-set-allow-by-meaning, waf.ip-set-allow-by-organisation, waf.rule-triggers one set per organization
resource "aws_wafv2_ip_set" "office" {
  for_each = var.access == "everyone" ? {} : var.office_addresses

  name               = "${var.name}-${each.key}"
  description        = "Addresses of ${each.key}"
  scope              = var.scope
  ip_address_version = strcontains(each.value[0], ":") ? "IPV6" : "IPV4"
  addresses          = each.value
}

# notes: waf.regex-set-by-meaning one set for paths, another for user agents
resource "aws_wafv2_regex_pattern_set" "office_paths" {
  count = var.access == "office-paths" ? 1 : 0

  name        = "${var.name}-office-paths"
  description = "Paths that only offices may access"
  scope       = var.scope

  dynamic "regular_expression" {
    for_each = toset(var.office_paths)

    content {
      regex_string = regular_expression.value
    }
  }
}

# notes: waf.regex-set-by-meaning one set for user agents, another for paths
resource "aws_wafv2_regex_pattern_set" "user_agents" {
  count = var.block_user_agents ? 1 : 0

  name        = "${var.name}-user-agents"
  description = "Blocked user agents"
  scope       = var.scope

  dynamic "regular_expression" {
    for_each = toset(var.blocked_user_agents)

    content {
      regex_string = regular_expression.value
    }
  }
}

resource "aws_wafv2_web_acl_association" "this" {
  count = var.scope == "REGIONAL" ? 1 : 0

  web_acl_arn  = aws_wafv2_web_acl.this.arn # notes: waf.attached-resources to the load balancer; a distribution names its web ACL itself
  resource_arn = var.load_balancer_arn
}

resource "aws_wafv2_web_acl_logging_configuration" "this" {
  resource_arn            = aws_wafv2_web_acl.this.arn
  log_destination_configs = [aws_cloudwatch_log_group.this.arn]

  redacted_fields {
    single_header {
      name = "authorization"
    }
  }

  redacted_fields {
    single_header {
      name = "cookie"
    }
  }
}

# trivy:ignore:AWS-0017 CloudWatch Logs encrypts by default; a customer-managed key would only cost money
resource "aws_cloudwatch_log_group" "this" {
  # checkov:skip=CKV_AWS_158:CloudWatch Logs encrypts by default; a customer-managed key would only cost money
  name              = "aws-waf-logs-${var.name}" # departs: waf.logging-destination WAF accepts no other prefix
  retention_in_days = var.log_retention_days
}
