blueprint "account-baseline" {
  version = "1.0.0"
  summary = join("", [
    "What an account needs once",
    length(compact([option.trail == "none" ? "" : "x", option.delivery == "none" ? "" : "x", option.settings || option.api_gateway_logging ? "x" : ""])) == 0 ? "" : ": ",
    join(", ", compact([
      option.trail == "none" ? "" : "a trail of what is done in ${option.trail == "account" ? "it" : "the organization"}",
      option.delivery == "none" ? "" : "roles for delivery",
      option.settings || option.api_gateway_logging ? "settings that apply to everything in it" : "",
    ])),
    ".",
  ])
  systems = ["cloudtrail", "cloudwatch-alarm", "cloudwatch-logs", "iam", "s3", "sts"]
}

# Options

option "trail" {
  type        = string
  one_of      = ["account", "organization", "none"]
  default     = "account"
  description = "Record what is done in this account (account), in all accounts of the organization (organization, in its management account only), or nothing (none), such as where the organization's trail records this account."
  why         = "a member account rarely knows whether the organization records it"
}

option "trail_to_logs" {
  type        = bool
  default     = true
  when        = option.trail != "none"
  otherwise   = false
  description = "Also send what is recorded to CloudWatch Logs, where it can be searched and trigger alarms."
  notes       = ["cloudtrail.cloudwatch-integration"]
}

option "delivery" {
  type        = string
  one_of      = ["principals", "oidc", "none"]
  default     = "principals"
  description = "Who assumes the roles that deploy to the account: users and roles of another account (principals), jobs with a token from an OIDC provider (oidc), or nobody, so that there are no such roles (none)."
  why         = "any CI system can use a role in its own account; choose oidc where it has its own identity, so that there is no key"
}

option "oidc_provider" {
  type        = string
  one_of      = ["new", "existing"]
  default     = "new"
  when        = option.delivery == "oidc"
  description = "Create the OIDC provider (new), or use one that the account already has (existing): there can be only one per URL."
  why         = "a new account has none"
}

option "settings" {
  type        = bool
  default     = true
  description = "Secure what is easily forgotten: encrypt volumes, require a token for the metadata service, block public buckets and snapshots."
  why         = "a setting left to each resource is sooner or later forgotten on one of them"
}

option "api_gateway_logging" {
  type        = bool
  default     = true
  description = "Let API Gateway write logs, for all APIs of the account in this region."
  notes       = ["api-gateway.cloudwatch-role"]
}

option "alarms" {
  type        = bool
  default     = true
  when        = option.trail_to_logs
  otherwise   = false
  description = "Create alarms on what the trail records, which send e-mail: use of the root user, sign-in without a second factor, changes to the trail, to policies and to keys, and denied calls."
  why         = "the longer nobody notices, the more time an intruder has"
}

option "chatbot" {
  type        = bool
  default     = false
  when        = option.alarms
  description = "Also send alarms to a Slack channel, with Amazon Q Developer (formerly AWS Chatbot)."
  why         = "e-mail needs no workspace that someone must authorise first"
}

# Variables that several components share

variable "name" {
  description = "Name of the baseline, and prefix of resource names."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name)) && !can(regex("--|^aws", var.name))
    error_message = "The name must be 3 to 20 lower-case letters, digits and single hyphens, start with a letter, not start with aws and not end with a hyphen."
  }
}

variable "organization_id" {
  description = "ID of the organization, such as o-a1b2c3d4e5: aws organizations describe-organization."
  type        = string
}

# Components

component "trail_bucket" {
  template = "data-bucket"
  file     = "trail.tf"
  when     = option.trail != "none"
  with = {
    name            = var.name
    purpose         = "trail"
    writer          = option.trail == "organization" ? "organization-trail" : "trail"
    trail_name      = var.name
    organization_id = option.trail == "organization" ? var.organization_id : null
  }
  expose = { retention_days = "trail_retention_days", disposable = "disposable" }
}

component "trail" {
  template = "trail"
  when     = option.trail != "none"
  with = {
    name            = var.name
    bucket_id       = component.trail_bucket.bucket_id
    key_arn         = component.trail_bucket.key_arn
    organization    = option.trail == "organization"
    organization_id = option.trail == "organization" ? var.organization_id : null
    log_group       = option.trail_to_logs
    alarms          = option.alarms
  }
}

component "delivery" {
  template = "delivery-roles"
  when     = option.delivery != "none"
  with = {
    trusted           = option.delivery
    existing_provider = option.oidc_provider == "existing"
  }
  expose = {
    principals               = "trusted_principals"
    external_id              = "external_id"
    oidc                     = "oidc"
    oidc_provider_arn        = "oidc_provider_arn"
    environment              = "environment"
    roles                    = "delivery_roles"
    permissions_boundary_arn = "permissions_boundary_arn"
  }
}

component "settings" {
  template = "account-settings"
  when     = option.settings || option.api_gateway_logging
  with = {
    name                = var.name
    safe_defaults       = option.settings
    api_gateway_logging = option.api_gateway_logging
  }
}

component "monitoring" {
  template = "alarms"
  when     = option.alarms
  with = {
    name            = var.name
    description     = "What it means and what to do: runbooks/trail-alarms.md"
    alarms          = [component.trail.alarms]
    topic_arn       = component.alarm_topic.arn
    subjects        = []
    deployment_keys = []
  }
  expose = { thresholds = "alarm_thresholds" }
}

component "alarm_topic" {
  template = "alarm-topic"
  file     = "monitoring.tf"
  prefix   = "monitoring"
  when     = option.alarms
  with = {
    name         = "${var.name}-alarms"
    description  = "Alarms of ${var.name}"
    alarm_prefix = "${var.name}-"
  }
  expose = { emails = "alarm_emails" }
}

component "chat" {
  template = "chat"
  file     = "monitoring.tf"
  prefix   = "monitoring"
  when     = option.chatbot
  with     = { name = var.name, topic_arns = [component.alarm_topic.arn] }
  expose   = { slack = "alarm_slack" }
}

# Outputs

output "trail_arn" {
  description = "ARN of the trail."
  value       = component.trail.trail_arn
  when        = option.trail != "none"
}

output "trail_bucket" {
  description = "Bucket that contains the recorded events."
  value       = component.trail_bucket.bucket_id
  when        = option.trail != "none"
}

output "trail_key_arn" {
  description = "Key of the trail; reading it needs kms:Decrypt."
  value       = component.trail_bucket.key_arn
  when        = option.trail != "none"
}

output "trail_log_group" {
  description = "Log group of the trail."
  value       = component.trail.log_group_name
  when        = option.trail_to_logs
}

output "delivery_role_arns" {
  description = "ARNs of the delivery roles, by name."
  value       = component.delivery.role_arns
  when        = option.delivery != "none"
}

output "alarm_topic_arn" {
  description = "SNS topic that alarms are sent to, for subscriptions."
  value       = component.alarm_topic.arn
  when        = option.alarms
}

# Profiles: the values that differ by environment

profile "dev" {
  description = "Sessions that last a working day."

  values = {
    name = "example-dev" # why: names of roles and policies are unique in an account

    environment                  = "dev" # notes: sts.environment-names, sts.account-per-environment each environment has its own account
    delivery_max_session_seconds = 43200 # why: twelve hours, the most that IAM allows: people work with the role all day
    trail_retention_days         = 365   # why: development is not audited, but a stolen key may have been used there first
    trail_log_retention_days     = 90    # why: long enough to trace a fault back a few weeks
  }
}

profile "stg" {
  description = "Like production, with longer sessions and shorter retention."

  values = {
    name = "example-stg" # why: names of roles and policies are unique in an account

    environment                  = "stg" # notes: sts.environment-names, sts.account-per-environment each environment has its own account
    delivery_max_session_seconds = 14400 # why: four hours, enough to rehearse a release
    trail_retention_days         = 365   # why: only production is audited
    trail_log_retention_days     = 90    # why: covers several releases
  }
}

profile "prd" {
  description = "Production: short sessions, and three years of evidence."

  values = {
    name = "example-prd" # why: names of roles and policies are unique in an account

    environment                  = "prd" # notes: sts.environment-names, sts.account-per-environment each environment has its own account
    delivery_max_session_seconds = 3600  # why: a stolen production session ends soon
    trail_retention_days         = 1095  # why: three years, as audits require
    trail_log_retention_days     = 365   # why: an intrusion is often found months later
  }
}

example {
  values = {
    name               = "example"
    organization_id    = "o-a1b2c3d4e5"
    environment        = "dev"
    trusted_principals = ["arn:aws:iam::123456789012:role/ci"]
    external_id        = "only-an-example-0123"
    alarm_slack        = { workspace_id = "T0123ABCDEF", channel_id = "C0123ABCDEF" }
    oidc               = { url = "https://oidc.example.com", audience = "sts.amazonaws.com", subjects = ["repo:example/web:ref:refs/heads/main"] }
    oidc_provider_arn  = "arn:aws:iam::123456789012:oidc-provider/oidc.example.com"
  }
}
