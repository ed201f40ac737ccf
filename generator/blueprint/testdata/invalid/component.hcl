blueprint "x" {
  version = "1.0.0"
}

component "a" {
  file = 3
}

component "b" {
  template = "t"
  prefix   = "9"
  with     = var.x
  expose   = { a = "not a name", b = 3, c = null }
}

component "c" {
  template = "t"
  with = {
    a   = 1
    "a" = 2
    (var.x) = 3
  }
}
