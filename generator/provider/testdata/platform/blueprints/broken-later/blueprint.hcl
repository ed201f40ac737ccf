blueprint "broken-later" {
  version = "1.0.0"
  summary = "It parses, and says nothing that makes sense."
}

option "days" {
  type        = number
  default     = "many"
  description = "How long logs are kept."
  why         = "a test"
}
