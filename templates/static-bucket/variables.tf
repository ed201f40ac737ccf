variable "name" {
  description = "Name of the system, in front of the name of the bucket."
  type        = string
  nullable    = false
}

variable "disposable" {
  description = "Whether the bucket is deleted with all that is in it."
  type        = bool
  default     = false # why: files must not go by mistake
  nullable    = false
}
