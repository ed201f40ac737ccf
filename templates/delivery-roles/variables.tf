variable "environment" {
  description = "Environment of the account, and prefix of the role names."
  type        = string
  nullable    = false
}

variable "roles" {
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
    condition     = alltrue([for key in keys(var.roles) : can(regex("^[a-z][a-z0-9-]{1,40}$", key))])
    error_message = "The name of a role must be 2 to 41 lower-case letters, digits and hyphens, and start with a letter."
  }

  validation {
    condition     = alltrue([for role in var.roles : role.max_session_seconds == null ? true : role.max_session_seconds >= 3600 && role.max_session_seconds <= 43200])
    error_message = "The longest session must be 3600 to 43200 seconds: one hour to twelve."
  }

  validation {
    condition     = alltrue([for role in var.roles : role.trusted == null ? true : length(role.trusted) > 0])
    error_message = "A role that nobody may assume is useless. Leave trusted out, or name someone."
  }

  validation {
    condition     = alltrue([for role in var.roles : role.trusted == null ? true : alltrue([for one in role.trusted : contains(var.trusted == "principals" ? var.principals : var.oidc.subjects, one)])])
    error_message = "A role can trust only some of those that all roles trust: add the ARN or the subject there first."
  }
}

variable "max_session_seconds" {
  description = "Longest session of a role, in seconds: one hour to twelve."
  type        = number
  default     = 3600 # why: a stolen session ends soon, and a deployment rarely takes longer
  nullable    = false

  validation {
    condition     = var.max_session_seconds >= 3600 && var.max_session_seconds <= 43200
    error_message = "The longest session must be 3600 to 43200 seconds: one hour to twelve."
  }
}

variable "permissions_boundary_arn" {
  description = "ARN of a policy that limits what the roles may do, whatever is attached to them."
  type        = string
  default     = null # why: not every organization has one
}

variable "trusted" {
  description = "Who assumes the roles: IAM users and roles (principals), or CI jobs with a token from an OIDC provider (oidc)."
  type        = string
  default     = "principals" # why: every account has users and roles
  nullable    = false

  validation {
    condition     = contains(["principals", "oidc"], var.trusted)
    error_message = "Trusted must be principals or oidc."
  }
}

variable "principals" {
  description = "ARNs of the IAM users and roles that may assume the roles, usually in a delivery account."
  type        = list(string)

  validation {
    condition     = var.trusted != "principals" || try(length(var.principals) > 0, false)
    error_message = "Name at least one user or role that may assume the roles."
  }

  validation {
    condition     = var.trusted != "principals" || try(alltrue([for arn in var.principals : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:(user|role)/[\\w+=,.@/-]+$", arn))]), false)
    error_message = "A trusted principal must be the ARN of one user or role, such as arn:aws:iam::123456789012:role/ci: a whole account (:root) or * would let anyone there assume the role."
  }
}

variable "external_id" {
  description = "External ID, which the caller must know to assume a role. Use a different one in each environment; generate it with: openssl rand -hex 16. It is stored in the state."
  type        = string
  sensitive   = true

  validation {
    condition     = var.trusted != "principals" || can(regex("^[\\w+=,.@:/-]{16,}$", var.external_id))
    error_message = "The external ID must have at least 16 characters: letters, digits and any of +=,.@:/-."
  }
}

variable "oidc" {
  description = "OIDC provider: its address, the audience that its tokens are for, and the subjects that may assume the roles, where * stands for anything, as in repo:example/web:*."
  type        = object({ url = string, audience = string, subjects = list(string) })

  validation {
    condition     = var.trusted != "oidc" || can(regex("^https://[a-z0-9.-]+(/[\\w./-]*\\w)?$", var.oidc.url))
    error_message = "The address of the OIDC provider must begin with https:// and not end with a slash."
  }

  validation {
    condition     = var.trusted != "oidc" || try(length(var.oidc.subjects) > 0 && alltrue([for subject in var.oidc.subjects : can(regex("^([^*?]+|[^*?:/]+[:/][^*?:/]+[:/].*)$", subject))]), false)
    error_message = "Each subject must name at least an organization before the first wildcard, as repo:example/* does: repo:* would let everyone who uses the provider assume the role."
  }
}

variable "existing_provider" {
  description = "Use an OIDC provider that the account already has."
  type        = bool
  default     = false # why: a new account has none
  nullable    = false
}

variable "oidc_provider_arn" {
  description = "ARN of the OIDC provider that the account already has."
  type        = string

  validation {
    condition     = !var.existing_provider || can(regex("^arn:[a-z-]+:iam::[0-9]{12}:oidc-provider/.+$", var.oidc_provider_arn))
    error_message = "Set the ARN of the existing provider, such as arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com."
  }
}
