blueprint "x" {
  version = "1.0.0"
  summary = "With ${option.size}."
}

option "engine" {
  type    = string
  default = "mysql"
}

option "size" {
  type = string
}
