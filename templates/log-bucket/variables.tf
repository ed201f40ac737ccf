variable "name" {
  description = "Name of the system, in front of the name of the bucket."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,30}[a-z0-9]$", var.name))
    error_message = "name must be 3 to 32 lower-case letters, digits and hyphens, start with a letter and not end with a hyphen."
  }
}

variable "alb_logs" {
  description = "Whether Application Load Balancers of this account write access logs below alb/."
  type        = bool
  default     = true # why: the one sure record of who asked for what
  nullable    = false
}

variable "cdn_logs" {
  description = "Whether CloudFront distributions write standard logs, which needs ACLs."
  type        = bool
  default     = false # why: without CloudFront ACLs stay off
  nullable    = false
}

variable "retention_days" {
  description = "Days that access logs are kept."
  type        = number
  default     = 365 # why: covers a year's traffic and what audits usually ask for
  nullable    = false

  validation {
    condition     = var.retention_days >= 1 && floor(var.retention_days) == var.retention_days
    error_message = "retention_days must be a whole number of days, 1 or more."
  }
}
