blueprint "x" {
  version = "1.0.0"
}

component {
  template = "t"
}

example "x" {}

option "a" "b" {
  type = bool
}

option "c" {
  type = bool
  validation "x" {
    condition     = true
    error_message = "Never."
  }
}
