blueprint "x" {
  version = "1.0.0"
  summary = "With ${option.engin}."
}

option "engine" {
  type        = string
  default     = "mysql"
  description = "The engine."
  why         = "it is there"
}
