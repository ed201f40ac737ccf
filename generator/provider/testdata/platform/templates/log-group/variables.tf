variable "name" {
  description = "Name of the application."
  type        = string
}

variable "days" {
  description = "Days that logs are kept."
  type        = number
  default     = 30 # why: a month
}

variable "insights" {
  description = "Whether there are Container Insights."
  type        = bool
  default     = true # why: one sees more
}

variable "labels" {
  description = "Tags."
  type        = map(string)
  default     = {} # why: none
}

variable "extra" {
  description = "More log groups."
  type        = list(string)
  default     = [] # why: none
}
