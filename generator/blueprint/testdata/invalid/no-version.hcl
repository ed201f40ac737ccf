blueprint "x" {
  summary = "a"
}

