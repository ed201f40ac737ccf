blueprint "x" {
  version = "1.0.0"
}

option "1a" {
  type = bool
}

component "a.b" {
  template = "t"
}

output "a b" {
  value = 1
}

profile "../prd" {}

profile "a/b" {}

profile "nul" {}

variable "source" {}
