blueprint "x" {
  version = "1.0.0"
}

option "a" {
  type  = bool
  defalt = true
  notes = "one"
  why   = 3
  nested {}
}
