variable "name" {
  description = "Name of the topic."
  type        = string
  nullable    = false
}

variable "description" {
  description = "Description of the topic's key."
  type        = string
  nullable    = false
}

variable "alarm_prefix" {
  description = "Prefix of the names of the alarms that may publish."
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
