blueprint "x" {
  version = "1.0.0"
}

profile "a" {
  values  = [1]
  options = { x = var.y }
}
