variable "name" {
  type        = string
  description = "Name of the site."
}

variable "retention_days" {
  type        = number
  description = "Days."
  default     = 7 # notes s3.retention: keep logs for 7 days
}

variable "days_by_prefix" {
  type        = map(number)
  description = "Days."
  default = {
    "a/" = 1
    b    = 2
  }
}

variable "tier_words" {
  type        = string
  description = "Words."
  default     = "a|b"
}
