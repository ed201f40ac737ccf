variable "name" {
  description = "Name of the web ACL, and prefix of related resources."
  type        = string
}

variable "scope" {
  description = "What the web ACL protects: CLOUDFRONT (a distribution; created in us-east-1) or REGIONAL (a load balancer)."
  type        = string
  default     = "CLOUDFRONT" # why: with CloudFront in front, requests are filtered there
  nullable    = false

  validation {
    condition     = contains(["CLOUDFRONT", "REGIONAL"], var.scope)
    error_message = "The scope must be CLOUDFRONT or REGIONAL."
  }
}

variable "load_balancer_arn" {
  description = "ARN of the load balancer to protect, with scope REGIONAL. A distribution refers to its web ACL itself."
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
  default     = 2000 # why: 50 pages of 40 requests, well below what overloads a small service
  nullable    = false

  validation {
    condition     = var.rate_limit >= 10 && var.rate_limit <= 2000000000
    error_message = "The rate limit must be from 10 to 2000000000 requests."
  }
}

variable "rate_limit_action" {
  description = "What to do with requests above the rate limit: count, which allows them, or block."
  type        = string
  default     = "count" # why: an office or a mobile network may be one address; block once the counts are known
  nullable    = false

  validation {
    condition     = contains(["count", "block"], var.rate_limit_action)
    error_message = "The action must be count (requests above the rate limit are counted) or block (they are refused)."
  }
}

variable "managed_rule_groups" {
  description = "AWS managed rule groups, evaluated in the order of their names. A group only counts its matches until block is true; the rules in count_only keep counting."
  type = map(object({
    block      = optional(bool, false) # notes: waf.managed-rule-count-first count first
    count_only = optional(list(string), [])
  }))
  default = { # notes: waf.managed-rule-groups-in-log three of the four groups
    AWSManagedRulesCommonRuleSet         = {}
    AWSManagedRulesKnownBadInputsRuleSet = {}
    AWSManagedRulesSQLiRuleSet           = {}
  }
  nullable = false

  validation {
    condition     = alltrue([for name in keys(var.managed_rule_groups) : startswith(name, "AWSManagedRules")]) && length(var.managed_rule_groups) <= 50
    error_message = "There can be at most 50 groups, all from AWS: their names start with AWSManagedRules."
  }
}

variable "access" {
  description = "Who may reach the application: everyone, everyone except on some paths (office-paths), offices only (office-only), or offices and clients with a token (office-or-token)."
  type        = string
  default     = "everyone" # why: a public site is for everyone
  nullable    = false

  validation {
    condition     = contains(["everyone", "office-paths", "office-only", "office-or-token"], var.access)
    error_message = "The access must be everyone, office-paths, office-only or office-or-token."
  }
}

variable "office_addresses" {
  description = "Addresses of the offices by organization, as IPv4 or IPv6 CIDR blocks. An organization with both needs two entries."
  type        = map(list(string))
  nullable    = false

  validation {
    condition     = alltrue([for name, blocks in var.office_addresses : can(regex("^[a-z0-9-]{1,30}$", name)) && length(blocks) > 0 && length(blocks) <= 10000])
    error_message = "An organization needs a name of at most 30 lower-case letters, digits and hyphens, and 1 to 10000 blocks."
  }

  validation {
    condition     = alltrue([for block in flatten(values(var.office_addresses)) : can(cidrhost(block, 0)) && !endswith(block, "/0")])
    error_message = "Each entry must be a CIDR block such as 203.0.113.0/24, and not the whole internet."
  }

  validation {
    condition     = alltrue([for blocks in values(var.office_addresses) : length(distinct([for block in blocks : strcontains(block, ":")])) <= 1])
    error_message = "A set contains either IPv4 or IPv6 addresses: put the others in a separate entry, such as company-v6."
  }

  validation {
    condition     = length(var.office_addresses) > 0 && length(var.office_addresses) <= 50
    error_message = "Add the addresses of at least one organization, or nobody gets access."
  }
}

variable "office_paths" {
  description = "Regular expressions for the paths that only offices may reach, in lower case."
  type        = list(string)
  default     = ["^/admin(/|$)"] # why: what most applications hide from the public
  nullable    = false

  validation {
    condition     = length(var.office_paths) >= 1 && length(var.office_paths) <= 10 && alltrue([for pattern in var.office_paths : startswith(pattern, "^/") && pattern == lower(pattern)])
    error_message = "Set 1 to 10 regular expressions in lower case that start with ^/, such as ^/admin(/|$), because paths are compared in lower case."
  }
}

variable "access_token" {
  description = "Token that gives access to tools without a fixed address, in the header Authorization: Bearer <token>. It is stored in the state."
  type        = string
  nullable    = false
  sensitive   = true

  validation {
    condition     = length(var.access_token) >= 32 && length(var.access_token) <= 190
    error_message = "The token must have 32 to 190 characters; generate one with: openssl rand -hex 32."
  }
}

variable "block_user_agents" {
  description = "Block some user agents."
  type        = bool
  default     = false # why: a user agent is easily changed; this only keeps out honest ones
  nullable    = false
}

variable "blocked_user_agents" {
  description = "Regular expressions for the user agents to block, in lower case."
  type        = list(string)
  default     = ["sqlmap", "nikto", "masscan", "zgrab"] # why: scanners that identify themselves
  nullable    = false

  validation {
    condition     = length(var.blocked_user_agents) >= 1 && length(var.blocked_user_agents) <= 10 && alltrue([for pattern in var.blocked_user_agents : pattern == lower(pattern)])
    error_message = "Set 1 to 10 regular expressions in lower case, because user agents are compared in lower case."
  }
}

variable "log_retention_days" {
  description = "Retention of the logs, in days."
  type        = number
  default     = 365 # why: attacks are often found months later, and audits cover a year
}
