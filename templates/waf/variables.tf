variable "name" {
  description = "Name of the web ACL and prefix of what belongs to it."
  type        = string
}

variable "aws_provider" {
  description = "Major version of the AWS provider the code is for, 6 or 5."
  type        = string
  default     = "6" # why: version 6 reaches us-east-1 without a second provider configuration
  nullable    = false

  validation {
    condition     = contains(["6", "5"], var.aws_provider)
    error_message = "The major version of the AWS provider is \"6\" or \"5\"."
  }
}

variable "scope" {
  description = "What the web ACL protects: CLOUDFRONT (a distribution; made in us-east-1) or REGIONAL (a load balancer)."
  type        = string
  default     = "CLOUDFRONT" # notes: security-group.alb-behind-cloudfront-waf WAF stands at CloudFront, in front of the load balancer
  nullable    = false

  validation {
    condition     = contains(["CLOUDFRONT", "REGIONAL"], var.scope)
    error_message = "The scope is CLOUDFRONT or REGIONAL."
  }
}

variable "load_balancer_arn" {
  description = "ARN of the load balancer to protect, with scope REGIONAL. A distribution names its web ACL itself."
  type        = string
  default     = null # why: only the scope REGIONAL has one

  validation {
    condition     = (var.scope == "REGIONAL") == (var.load_balancer_arn != null)
    error_message = "The scope REGIONAL needs the ARN of a load balancer, and the scope CLOUDFRONT takes none."
  }
}

variable "rate_limit" {
  description = "Number of requests that one address may send within five minutes."
  type        = number
  default     = 2000 # why: far above what people do, well below what floods a small service

  validation {
    condition     = var.rate_limit >= 10 && var.rate_limit <= 2000000000
    error_message = "The rate limit is a number of requests from 10 to 2000000000."
  }
}

variable "managed_rule_groups" {
  description = "AWS managed rule groups, each in the mode count (only measure) or block. They are judged in the order of their names."
  type        = map(string)
  default = { # notes: waf.managed-rule-count-first, waf.managed-rule-groups-in-log measure what they hit before they block
    AWSManagedRulesCommonRuleSet         = "count"
    AWSManagedRulesKnownBadInputsRuleSet = "count"
    AWSManagedRulesSQLiRuleSet           = "count"
  }

  validation {
    condition     = alltrue([for mode in values(var.managed_rule_groups) : contains(["count", "block"], mode)])
    error_message = "Each managed rule group is in the mode count or block."
  }
}

variable "log_retention_days" {
  description = "How many days the logs are kept."
  type        = number
  default     = 365 # why: an attack is often found months later, and auditors ask for a year
}
