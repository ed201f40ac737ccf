blueprint "x" {
  version = "1.0.0"
}

option "size" {
  type   = number
  one_of = [1, "1", 2]
}
