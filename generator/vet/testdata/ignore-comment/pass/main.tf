# bpgen:ignore unused-variable kept so that old callers do not break
variable "old" {
  type        = string
  default     = ""
  description = "Has no effect."
}

locals {
  later = 1 # bpgen:ignore unused-local the next release needs it
}
