variable "name" {
  description = "Name of the system, and prefix of the bucket name."
  type        = string
  nullable    = false
}

variable "disposable" {
  description = "Allow the bucket to be deleted with its contents."
  type        = bool
  default     = false # why: files must not be deleted by mistake
  nullable    = false
}
