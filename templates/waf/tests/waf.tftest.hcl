mock_provider "aws" {
  source = "./tests/mocks"
}

# bpgen:if var.aws_provider == "5" && var.scope == "CLOUDFRONT"
mock_provider "aws" {
  alias = "us_east_1"
}

variables {
  name = "example"
}

run "has_every_rule" {
  command = plan

  assert {
    condition     = length(aws_wafv2_web_acl.this.rule) == 1 + length(var.managed_rule_groups)
    error_message = "The rate limit and every managed rule group must be there."
  }

  # bpgen:if var.aws_provider == "6" && var.scope == "CLOUDFRONT"
  assert {
    condition     = aws_wafv2_web_acl.this.region == "us-east-1" && aws_cloudwatch_log_group.this.region == "us-east-1"
    error_message = "CloudFront takes its web ACL from us-east-1 only."
  }
}

run "protects_the_load_balancer" {
  command = plan

  variables {
    scope             = "REGIONAL"
    load_balancer_arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/example/0123456789abcdef"
  }

  assert {
    condition     = aws_wafv2_web_acl.this.scope == "REGIONAL"
    error_message = "A load balancer takes no web ACL but one of the scope REGIONAL."
  }
}
