blueprint "x" {
  version = "1.0.0"
}

option "a" {
  type    = bol
  default = true
}

option "b" {
  type    = number
  default = "many"
}

option "c" {
  type    = object({ a = optional(number, 1) })
  default = ["x"]
}

option "d" {
  type    = bool
  default = var.x
}

option "e" {
  type = list(object({ a = optional(number, "x") }))
}
