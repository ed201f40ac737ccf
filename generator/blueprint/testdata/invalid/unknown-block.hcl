blueprint "x" {
  version = "1.0.0"
}

componnt "a" {
  template = "t"
}

thing {}
