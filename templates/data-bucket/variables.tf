variable "name" {
  description = "Name of the system, and prefix of the bucket name."
  type        = string
  nullable    = false
}

variable "purpose" {
  description = "Purpose of the bucket, in a word: the second part of its name."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z0-9]{1,10}$", var.purpose))
    error_message = "The purpose must be 1 to 10 lower-case letters and digits."
  }
}

variable "writer" {
  description = "AWS service that writes through the bucket's policy: a trail of this account (trail), of the organization (organization-trail), or none (nobody), such as where a role writes."
  type        = string
  default     = "nobody" # why: a role gets its permission from its own policy
  nullable    = false

  validation {
    condition     = contains(["nobody", "trail", "organization-trail"], var.writer)
    error_message = "The writer must be nobody, trail or organization-trail."
  }
}

variable "trail_name" {
  description = "Name of the trail that writes."
  type        = string
  default     = null # why: only a trail has one
}

variable "organization_id" {
  description = "ID of the organization whose trail writes, such as o-a1b2c3d4e5."
  type        = string
  default     = null # why: only a trail of the organization needs it

  validation {
    condition     = var.writer == "organization-trail" ? can(regex("^o-[a-z0-9]{10,32}$", var.organization_id)) : true
    error_message = "A trail of the organization needs organization_id: o- followed by 10 to 32 lower-case letters and digits."
  }
}

variable "retention_days" {
  description = "Retention of objects, in days."
  type        = number
  default     = 1095 # why: three years, as audits require
  nullable    = false

  validation {
    condition     = var.retention_days >= 1 && floor(var.retention_days) == var.retention_days
    error_message = "The retention must be a whole number of days, 1 or more."
  }
}

variable "disposable" {
  description = "Allow the bucket to be deleted with its contents."
  type        = bool
  default     = false # why: what is deleted by mistake must be recoverable
  nullable    = false
}
