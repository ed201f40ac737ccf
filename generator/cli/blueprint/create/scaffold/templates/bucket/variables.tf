variable "name" {
  type        = string
  description = "Name of the bucket."
}

variable "expiry" {
  type        = bool
  default     = true # why: without it a versioned bucket grows forever
  description = "Delete old versions of objects."
}

variable "expiry_days" {
  type        = number
  default     = 90 # why: a quarter is enough to notice a bad build
  description = "Days after which an old version of an object is deleted."

  validation {
    condition     = var.expiry_days >= 1
    error_message = "The number of days must be at least 1."
  }
}
