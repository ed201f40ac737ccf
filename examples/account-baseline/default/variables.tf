variable "name" {
  description = "Name of the baseline, and prefix of resource names."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name)) && !can(regex("--|^aws", var.name))
    error_message = "The name must be 3 to 20 lower-case letters, digits and single hyphens, start with a letter, not start with aws and not end with a hyphen."
  }
}

variable "trail_retention_days" {
  description = "Retention of objects, in days."
  type        = number
  default     = 1095 # why: three years, as audits require
  nullable    = false

  validation {
    condition     = var.trail_retention_days >= 1 && floor(var.trail_retention_days) == var.trail_retention_days
    error_message = "The retention must be a whole number of days, 1 or more."
  }
}

variable "disposable" {
  description = "Allow the bucket to be deleted with its contents."
  type        = bool
  default     = false # why: what is deleted by mistake must be recoverable
  nullable    = false
}

variable "trail_log_retention_days" {
  description = "Retention of the log, in days. The bucket keeps the events for longer."
  type        = number
  default     = 365 # why: an intrusion is often found months later
  nullable    = false
}

variable "trail_recorded_bucket_arns" {
  description = "ARNs of S3 buckets whose object reads and writes are recorded too. Each event costs money."
  type        = list(string)
  default     = [] # why: only the owner knows which data is worth it
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.trail_recorded_bucket_arns : can(regex("^arn:[^:]+:s3:::[^/]+$", arn))])
    error_message = "Each must be the ARN of a bucket, such as arn:aws:s3:::example, without a path."
  }
}

variable "environment" {
  description = "Environment of the account, and prefix of the role names."
  type        = string
  nullable    = false
}

variable "delivery_roles" {
  description = "The roles, by name: their permissions as statements, or as ARNs of policies under names of your choice; who may assume one, if not everyone who is trusted (ARNs of principals, or OIDC subjects); and its longest session, if it differs from that of the others."
  type = map(object({
    policy_arns = optional(map(string), {})
    statements = optional(list(object({
      actions    = list(string)
      resources  = list(string)
      conditions = optional(map(map(list(string))), {})
    })), [])
    trusted             = optional(list(string))
    max_session_seconds = optional(number)
  }))
  default  = { deploy = {} } # why: only the owner knows what is deployed; until then the role may do nothing
  nullable = false

  validation {
    condition     = alltrue([for key in keys(var.delivery_roles) : can(regex("^[a-z][a-z0-9-]{1,40}$", key))])
    error_message = "The name of a role must be 2 to 41 lower-case letters, digits and hyphens, and start with a letter."
  }

  validation {
    condition     = alltrue([for role in var.delivery_roles : role.max_session_seconds == null ? true : role.max_session_seconds >= 3600 && role.max_session_seconds <= 43200])
    error_message = "The longest session must be 3600 to 43200 seconds: one hour to twelve."
  }

  validation {
    condition     = alltrue([for role in var.delivery_roles : role.trusted == null ? true : length(role.trusted) > 0])
    error_message = "A role that nobody may assume is useless. Leave trusted out, or name someone."
  }

  validation {
    condition     = alltrue([for role in var.delivery_roles : role.trusted == null ? true : alltrue([for one in role.trusted : contains(var.trusted_principals, one)])])
    error_message = "A role can trust only some of those that all roles trust: add the ARN or the subject there first."
  }
}

variable "delivery_max_session_seconds" {
  description = "Longest session of a role, in seconds: one hour to twelve."
  type        = number
  default     = 3600 # why: a stolen session ends soon, and a deployment rarely takes longer
  nullable    = false

  validation {
    condition     = var.delivery_max_session_seconds >= 3600 && var.delivery_max_session_seconds <= 43200
    error_message = "The longest session must be 3600 to 43200 seconds: one hour to twelve."
  }
}

variable "permissions_boundary_arn" {
  description = "ARN of a policy that limits what the roles may do, whatever is attached to them."
  type        = string
  default     = null # why: not every organization has one
}

variable "trusted_principals" {
  description = "ARNs of the IAM users and roles that may assume the roles, usually in a delivery account."
  type        = list(string)

  validation {
    condition     = try(length(var.trusted_principals) > 0, false)
    error_message = "Name at least one user or role that may assume the roles."
  }

  validation {
    condition     = try(alltrue([for arn in var.trusted_principals : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:(user|role)/[\\w+=,.@/-]+$", arn))]), false)
    error_message = "A trusted principal must be the ARN of one user or role, such as arn:aws:iam::123456789012:role/ci: a whole account (:root) or * would let anyone there assume the role."
  }
}

variable "external_id" {
  description = "External ID, which the caller must know to assume a role. Use a different one in each environment; generate it with: openssl rand -hex 16. It is stored in the state."
  type        = string
  sensitive   = true

  validation {
    condition     = can(regex("^[\\w+=,.@:/-]{16,}$", var.external_id))
    error_message = "The external ID must have at least 16 characters: letters, digits and any of +=,.@:/-."
  }
}

variable "alarm_thresholds" {
  description = "Thresholds that override the module's own, by subject and metric, such as { \"database-DatabaseConnections\" = 800 }."
  type        = map(number)
  default     = {} # why: the module's own suit a small system; look at a few weeks of graphs first
  nullable    = false
}

variable "alarm_emails" {
  description = "E-mail addresses for alarms. Each one must first confirm its subscription."
  type        = list(string)
  default     = [] # why: only you know who is on call; other subscriptions to the topic are possible too
  nullable    = false

  validation {
    condition     = alltrue([for address in var.alarm_emails : can(regex("^[^@ ]+@[^@ ]+[.][^@ ]+$", address))])
    error_message = "Each entry must be an e-mail address."
  }
}
