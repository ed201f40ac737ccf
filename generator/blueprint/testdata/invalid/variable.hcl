blueprint "x" {
  version = "1.0.0"
}

variable "a" {
  typ = string
  validaton {}
}
