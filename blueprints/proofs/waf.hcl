proof "waf.region-by-attached-resource" {
  every "aws_wafv2_web_acl" {
    scope  = "CLOUDFRONT"
    region = "us-east-1"
  }

  every "aws_cloudfront_distribution" {
    web_acl_id = refers_to("aws_wafv2_web_acl")
  }
}

proof "waf.ip-set-allow-by-meaning" {
  options = { access = "office-paths" }

  given = {
    waf_office_addresses = { company = ["203.0.113.0/24"], partner-company = ["198.51.100.0/24"] }
  }

  some "aws_wafv2_ip_set" {
    name      = matches("company")
    addresses = ["203.0.113.0/24"]
  }

  some "aws_wafv2_ip_set" {
    name      = matches("partner-company")
    addresses = ["198.51.100.0/24"]
  }
}

proof "waf.regex-set-by-meaning" {
  options = { access = "office-paths", block_user_agents = true }

  some "aws_wafv2_regex_pattern_set" {
    name = matches("user-agent")
  }

  some "aws_wafv2_regex_pattern_set" {
    name = matches("path")
  }
}

proof "waf.ip-set-allow-by-organisation" {
  options = { access = "office-paths" }

  given = {
    waf_office_addresses = { own-company = ["203.0.113.0/24"], company-a = ["198.51.100.0/24"], company-b = ["192.0.2.0/24"] }
  }

  some "aws_wafv2_ip_set" {
    name      = matches("own-company")
    addresses = ["203.0.113.0/24"]
  }

  some "aws_wafv2_ip_set" {
    name      = matches("company-a")
    addresses = ["198.51.100.0/24"]
  }

  some "aws_wafv2_ip_set" {
    name      = matches("company-b")
    addresses = ["192.0.2.0/24"]
  }
}

# The rules are inline in the web ACL, each with a metric of its own.
proof "waf.rule-group-use" {
  no "aws_wafv2_rule_group" {
  }

  every "aws_wafv2_web_acl" {
    rule {
      where {
        name = set()
      }

      visibility_config {
        cloudwatch_metrics_enabled = true
      }
    }
  }
}

proof "waf.first-match-ends-evaluation" {
  every "aws_wafv2_web_acl" {
    rule {
      where {
        name = "rate-limit"
      }

      priority = 0
    }

    rule {
      where {
        name = prefix("AWSManagedRules")
      }

      priority = at_least(10)
    }
  }
}

# One statement each, named for what it does.
proof "waf.rule-granularity" {
  every "aws_wafv2_web_acl" {
    rule {
      where {
        name = set()
      }

      name = one_of("rate-limit", prefix("AWSManagedRules"))

      statement {
        and_statement = absent()
        or_statement  = absent()
      }
    }
  }
}

proof "waf.count-then-block" {
  human "runbooks/waf-managed-rules.md" {
    heading = "3. Block"
    says    = "block = true"
  }
}

proof "waf.managed-rule-count-first" {
  every "aws_wafv2_web_acl" {
    rule {
      where {
        name = prefix("AWSManagedRules")
      }

      override_action {
        count = set()
        none  = absent()
      }
    }
  }
}

proof "waf.managed-rule-drop-if-benign" {
  human "runbooks/waf-managed-rules.md" {
    heading = "2. Assess"
    says    = "If most matches of a rule are harmless, do not enforce it"
  }
}

proof "waf.judge-browser-requests" {
  human "runbooks/waf-managed-rules.md" {
    heading = "2. Assess"
    says    = "browser.*Is the share of matched requests too large to be attacks"
  }
}

proof "waf.judge-application-requests" {
  human "runbooks/waf-managed-rules.md" {
    heading = "2. Assess"
    says    = "do rules match its headers or bodies"
  }
}

proof "waf.rule-block-user-agents-default-action" {
  options = { block_user_agents = true }

  every "aws_wafv2_web_acl" {
    default_action {
      allow = set()
    }

    rule {
      name = "block-user-agents"
    }
  }
}

proof "waf.rule-allow-request-including-access-token-default-action" {
  options = { access = "office-or-token" }

  every "aws_wafv2_web_acl" {
    default_action {
      block = set()
    }

    rule {
      name = matches("token")
    }
  }
}

proof "waf.url-path-default-action" {
  options = { access = "office-paths" }

  every "aws_wafv2_web_acl" {
    default_action {
      allow = set()
    }

    rule {
      name = matches("^allow-.*to-url-path$")
    }

    rule {
      name = "block-access-to-url-path"
    }
  }
}

proof "waf.allow-global-ip-addresses-default-action" {
  options = { access = "office-only" }

  every "aws_wafv2_web_acl" {
    default_action {
      block = set()
    }

    rule {
      name = prefix("allow-")

      statement {
        ip_set_reference_statement = set()
      }
    }
  }
}

# Departed: to a log group, whose name WAF prescribes.
proof "waf.logging-destination" {
  every "aws_wafv2_web_acl_logging_configuration" {
    resource_arn            = refers_to("aws_wafv2_web_acl")
    log_destination_configs = refers_to("aws_cloudwatch_log_group.waf")
  }

  some "aws_cloudwatch_log_group" {
    name = prefix("aws-waf-logs-")
  }
}
