blueprint "x" {
  version = "1.0.0"
}

option "a" {
  type    = string
  one_of  = ["x", "y"]
  default = "z"
}

option "b" {
  type   = number
  one_of = ["many", null]
}

option "c" {
  type   = string
  one_of = "x"
}

option "d" {
  type   = string
  one_of = []
}

option "e" {
  type    = string
  one_of  = ["x"]
  default = null
}

option "f" {
  type   = string
  one_of = { a = "x" }
}
