blueprint "x" {
  version = "1.0.0"
}

deviation "a" {
  notes = [null]
}
