variable "name" {
  type = string

  validation {
    condition     = var.name != ""
    error_message = "The name is empty."
  }
}

# The var.mentioned of a comment is no use.
variable "mentioned" {
  type = string
}

variable "tested" {
  type    = string
  default = "x"
}
