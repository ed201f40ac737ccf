blueprint "x" {
  version = ""
}

