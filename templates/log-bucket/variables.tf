variable "name" {
  description = "Name of the system, in front of the name of the bucket."
  type        = string
  nullable    = false
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
}

variable "disposable" {
  description = "Whether the bucket is deleted with all that is in it."
  type        = bool
  default     = false # why: logs are evidence
  nullable    = false
}
