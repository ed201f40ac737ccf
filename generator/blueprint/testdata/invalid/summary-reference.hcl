blueprint "x" {
  version = "1.0.0"
  summary = "For ${var.name}."
}

option "engine" {
  type    = string
  default = "mysql"
}

option "size" {
  type = string
}
