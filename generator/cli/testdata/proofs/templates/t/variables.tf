variable "days" {
  type        = number
  default     = 7 # why: w
  description = "Days."
}

variable "key" {
  type        = bool
  description = "Key."
}
