variable "name" {
  description = "Name of the topic."
  type        = string
  nullable    = false
}

variable "description" {
  description = "Description of its key."
  type        = string
  nullable    = false
}

variable "alarm_prefix" {
  description = "Beginning of the names of the alarms that may publish."
  type        = string
  nullable    = false
}

variable "emails" {
  description = "E-mail addresses for alarms. Each one must first confirm its subscription."
  type        = list(string)
  default     = [] # why: only you know who is on call; other subscriptions to the topic are possible too
  nullable    = false

  validation {
    condition     = alltrue([for address in var.emails : can(regex("^[^@ ]+@[^@ ]+[.][^@ ]+$", address))])
    error_message = "Each entry must be an e-mail address."
  }
}

variable "global" {
  description = "True if it is in us-east-1, where CloudFront and its WAF report."
  type        = bool
  default     = false # why: everything else reports in its own region
  nullable    = false
}

variable "aws_provider" {
  description = "Major version of the AWS provider the code is for, 6 or 5."
  type        = string
  default     = "6" # why: version 6 reaches us-east-1 without a second provider configuration
  nullable    = false

  validation {
    condition     = contains(["6", "5"], var.aws_provider)
    error_message = "The major version of the AWS provider must be \"6\" or \"5\"."
  }
}
