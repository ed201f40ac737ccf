blueprint "x" {
  version = "1.0.0"
  summary = "Options that have a meaning only under others."
}

option "alone" {
  type      = bool
  default   = true
  otherwise = false
}

option "nothing" {
  type = string
  when = option.alone
}

option "wrong" {
  type      = number
  default   = 1
  when      = option.alone
  otherwise = "many"
}

option "one" {
  type    = bool
  default = true
  when    = option.two
}

option "two" {
  type    = bool
  default = true
  when    = option.one
}

option "itself" {
  type    = bool
  default = true
  when    = !option.itself
}
