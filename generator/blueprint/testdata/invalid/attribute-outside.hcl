blueprint "x" {
  version = "1.0.0"
}

version = "1.0.0"
