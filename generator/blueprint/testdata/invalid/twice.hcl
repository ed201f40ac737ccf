blueprint "x" {
  version = "1.0.0"
}

option "a" {
  type = bool
}

option "a" {
  type = string
}

component "a" {
  template = "t"
}

example {}

example {}

blueprint "y" {
  version = "2.0.0"
}
