# bpgen:ignore
variable "a" {}

# bpgen:ignore unused-variabel kept for old callers
variable "b" {}

# bpgen:ignore unused-variable
variable "c" {}

# bpgen:ignore unused-variable the output below uses it
variable "d" {}

output "d" {
  value = var.d
}

# bpgen:ignore unused-variable covers this block alone
variable "e" {}

variable "f" {}
