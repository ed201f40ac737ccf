resource "aws_wafv2_web_acl" "waf" {
  region = "us-east-1" # notes waf.region-by-attached-resource: us-east-1 for CloudFront

  # checkov:skip=CKV_AWS_192:managed rule groups count first, then block
  name  = "${var.name}-${data.aws_region.current.id}" # why: unique in a region, and all web ACLs for CloudFront are in one
  scope = "CLOUDFRONT"

  default_action {
    # notes waf.rule-block-user-agents-default-action, waf.url-path-default-action: requests that no rule blocks are allowed
    allow {}
  }

  # Rules are evaluated by priority until one allows or blocks; counting does not end the evaluation.
  # notes waf.first-match-ends-evaluation: the first match ends it, so those that allow come last
  # notes waf.rule-group-use, waf.rule-granularity: each rule has one meaning, and metrics of its own
  rule {
    name     = "rate-limit"
    priority = 0

    # Many people share one address behind an office or a mobile network: check who would be affected before blocking.
    action {
      dynamic "count" {
        for_each = var.waf_rate_limit_action == "count" ? [1] : []
        content {}
      }

      dynamic "block" {
        for_each = var.waf_rate_limit_action == "block" ? [1] : []
        content {}
      }
    }

    statement {
      rate_based_statement {
        limit                 = var.waf_rate_limit
        evaluation_window_sec = 300 # notes waf.rule-kind, waf.rate-based-window: requests are counted over five minutes
        aggregate_key_type    = "IP"
      }
    }

    visibility_config {
      metric_name                = "rate-limit"
      cloudwatch_metrics_enabled = true
      sampled_requests_enabled   = true
    }
  }

  # notes waf.attack-zero-day-injection-xss: against zero-day attacks, injection and XSS
  dynamic "rule" {
    for_each = var.waf_managed_rule_groups

    content {
      name     = rule.key
      priority = 10 + index(keys(var.waf_managed_rule_groups), rule.key)

      override_action {
        # notes waf.count-mode, waf.managed-rule-count-first: counted first, and not blocked
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

          # notes waf.rule-group-action-override: these rules keep counting when their group blocks
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
        sampled_requests_enabled   = true # notes waf.sampled-requests-review: shows the requests that were allowed or denied
      }
    }
  }

  visibility_config {
    metric_name                = "${var.name}-${data.aws_region.current.id}"
    cloudwatch_metrics_enabled = true
    sampled_requests_enabled   = true
  }
}

resource "aws_wafv2_web_acl_logging_configuration" "waf" {
  region = "us-east-1"

  resource_arn            = aws_wafv2_web_acl.waf.arn
  log_destination_configs = [aws_cloudwatch_log_group.waf.arn]

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
resource "aws_cloudwatch_log_group" "waf" {
  region = "us-east-1"

  # checkov:skip=CKV_AWS_158:CloudWatch Logs encrypts by default; a customer-managed key would only cost money
  name              = "aws-waf-logs-${var.name}-${data.aws_region.current.id}" # departs from notes waf.logging-destination: Since 2021 no delivery stream is needed in between
  retention_in_days = var.log_retention_days
}

# Metrics to monitor; statistics, thresholds and minutes are chosen by this module.
locals {
  waf_alarms = {
    waf = {
      namespace = "AWS/WAFV2"
      dimensions = {
        WebACL = aws_wafv2_web_acl.waf.name
        Rule   = "ALL"
      }
      metrics = {
        BlockedRequests = { statistic = "Sum", is = "above", threshold = 500, minutes = 3 } # why: an attack, or a rule that blocks users
      }
    }
  }
}
