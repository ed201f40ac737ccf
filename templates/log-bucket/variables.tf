variable "name" {
  description = "Name of the system, and prefix of the bucket name."
  type        = string
  nullable    = false
}

variable "alb_logs" {
  description = "Let Application Load Balancers of this account write access logs below alb/."
  type        = bool
  default     = true # why: the most reliable record of requests
  nullable    = false
}

variable "cdn_logs" {
  description = "Let CloudFront distributions write standard logs, which needs ACLs."
  type        = bool
  default     = false # why: without CloudFront ACLs stay off
  nullable    = false
}

variable "retention_days" {
  description = "Retention of access logs, in days."
  type        = number
  default     = 365 # why: covers a year, which audits usually ask for
  nullable    = false
}

variable "disposable" {
  description = "Allow the bucket to be deleted with its contents."
  type        = bool
  default     = false # why: logs are evidence
  nullable    = false
}
