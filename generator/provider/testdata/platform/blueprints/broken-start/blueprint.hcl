blueprint "broken-start" {
  version = "1.0.0"
  summary = "It does not parse."
}

option "days" {
  type = number
  default = = 7
}
