blueprint "x" {
  version = "1.0.0"
  summary = option.engine == "mysql" ? ["a"] : ["b"]
}

option "engine" {
  type    = string
  default = "mysql"
}

option "size" {
  type = string
}
