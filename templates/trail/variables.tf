variable "name" {
  description = "Name of the trail, and prefix of related resources."
  type        = string
  nullable    = false
}

variable "bucket_id" {
  description = "Bucket that keeps the files. Its policy must let this trail write."
  type        = string
  nullable    = false
}

variable "key_arn" {
  description = "Key of the bucket, which encrypts the files. Its policy must let this trail use it."
  type        = string
  nullable    = false
}

variable "organization" {
  description = "Record all accounts of the organization; only its management account can do this."
  type        = bool
  default     = false # why: an account can decide only for itself
  nullable    = false
}

variable "organization_id" {
  description = "ID of the organization, such as o-a1b2c3d4e5."
  type        = string
  default     = null # why: only a trail of the organization needs it
}

variable "log_group" {
  description = "Send the events to CloudWatch Logs as well."
  type        = bool
  default     = true # notes: cloudtrail.cloudwatch-integration S3 and CloudWatch: a bucket can neither be searched immediately nor trigger an alarm
  nullable    = false
}

variable "alarms" {
  description = "Count the events that alarms watch: use of the root user, sign-in without a second factor, changes to the trail, to policies and to keys, and denied calls."
  type        = bool
  default     = true # why: a record that nobody reads does not help in time
  nullable    = false

  validation {
    condition     = var.log_group || !var.alarms
    error_message = "The alarms need the log group, whose events they count."
  }
}

variable "log_retention_days" {
  description = "Retention of the log, in days. The bucket keeps the events for longer."
  type        = number
  default     = 365 # why: an intrusion is often found months later
  nullable    = false
}

variable "recorded_bucket_arns" {
  description = "ARNs of S3 buckets whose object reads and writes are recorded too. Each event costs money."
  type        = list(string)
  default     = [] # why: only the owner knows which data is worth it
  nullable    = false

  validation {
    condition     = alltrue([for arn in var.recorded_bucket_arns : can(regex("^arn:[^:]+:s3:::[^/]+$", arn))])
    error_message = "Each must be the ARN of a bucket, such as arn:aws:s3:::example, without a path."
  }
}
