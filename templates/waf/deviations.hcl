deviation "waf-logs-to-cloudwatch" {
  notes    = ["waf.logging-destination"]
  rendered = "WAF writes its logs to CloudWatch Logs."
  reason   = "Since 2021 no delivery stream is needed in between."
  restore  = "Point aws_wafv2_web_acl_logging_configuration to a Firehose stream whose name starts with aws-waf-logs-."
}

deviation "user-agents-by-header" {
  notes    = ["waf.rule-block-user-agents"]
  when     = var.block_user_agents
  rendered = "The rule inspects the User-Agent header."
  reason   = "The notes' table names the URI path, which contains no user agent."
  restore  = "Nothing to restore: the notes' value does not work."
}
