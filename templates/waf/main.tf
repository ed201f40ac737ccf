resource "aws_wafv2_web_acl" "this" {
  # checkov:skip=CKV_AWS_192:managed rule groups count before they block
  # bpgen:if var.aws_provider == "5" && var.scope == "CLOUDFRONT"
  provider = aws.us_east_1 # notes: waf.region-by-attached-resource CloudFront takes its web ACL from there
  # bpgen:if var.aws_provider == "6"
  region = var.scope == "CLOUDFRONT" ? "us-east-1" : null # notes: waf.region-by-attached-resource CloudFront takes its web ACL from there

  name  = var.name
  scope = var.scope

  default_action {
    allow {}
  }

  rule {
    name     = "rate-limit"
    priority = 0

    action {
      block {}
    }

    statement {
      rate_based_statement {
        limit                 = var.rate_limit # why: far above what people do, well below what floods a small service
        evaluation_window_sec = 300            # notes: waf.rate-based-window requests are counted over five minutes
        aggregate_key_type    = "IP"
      }
    }

    visibility_config {
      metric_name                = "rate-limit"
      cloudwatch_metrics_enabled = true
      sampled_requests_enabled   = true
    }
  }

  dynamic "rule" {
    for_each = var.managed_rule_groups

    content {
      name     = rule.key
      priority = 10 + index(keys(var.managed_rule_groups), rule.key)

      override_action {
        dynamic "count" {
          for_each = rule.value == "count" ? [1] : []
          content {}
        }

        dynamic "none" {
          for_each = rule.value == "block" ? [1] : []
          content {}
        }
      }

      statement {
        managed_rule_group_statement {
          vendor_name = "AWS"
          name        = rule.key
        }
      }

      visibility_config {
        metric_name                = rule.key
        cloudwatch_metrics_enabled = true
        sampled_requests_enabled   = true # notes: waf.sampled-requests-review shows which requests a group hits
      }
    }
  }

  visibility_config {
    metric_name                = var.name
    cloudwatch_metrics_enabled = true
    sampled_requests_enabled   = true
  }
}

resource "aws_wafv2_web_acl_association" "this" {
  count = var.scope == "REGIONAL" ? 1 : 0

  web_acl_arn  = aws_wafv2_web_acl.this.arn
  resource_arn = var.load_balancer_arn
}

resource "aws_wafv2_web_acl_logging_configuration" "this" {
  # bpgen:if var.aws_provider == "5" && var.scope == "CLOUDFRONT"
  provider = aws.us_east_1
  # bpgen:if var.aws_provider == "6"
  region = var.scope == "CLOUDFRONT" ? "us-east-1" : null

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

# trivy:ignore:AWS-0017 CloudWatch Logs encrypts by itself; a key of our own would only cost
resource "aws_cloudwatch_log_group" "this" {
  # bpgen:if var.aws_provider == "5" && var.scope == "CLOUDFRONT"
  provider = aws.us_east_1
  # bpgen:if var.aws_provider == "6"
  region = var.scope == "CLOUDFRONT" ? "us-east-1" : null

  # checkov:skip=CKV_AWS_158:CloudWatch Logs encrypts by itself; a key of our own would only cost
  name              = "aws-waf-logs-${var.name}" # notes: waf.logging-destination WAF accepts no other prefix
  retention_in_days = var.log_retention_days
}
