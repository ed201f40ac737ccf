blueprint "b" {
  version = "1.0.0"
  summary = "B."
  systems = ["a"]
}

option "key" {
  type        = bool
  default     = true
  why         = "w"
  description = "A key."
}

component "t" {
  template = "t"
  with     = { key = option.key }
}
