blueprint "x" {
  version = "1.0.0"
}

validation {
  condition = true
}

option "a" {
  type = bool
  validation {
    error_message = "x"
    message       = "y"
  }
}
