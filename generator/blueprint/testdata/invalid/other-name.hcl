blueprint "y" {
  version = "1.0.0"
}

