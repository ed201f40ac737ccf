variable "name" {
  type = string
}

variable "size" {
  type    = number
  default = 1
}

output "label" {
  value = format("%s-%02d", var.name, var.size)
}

output "details" {
  value = { name = upper(var.name), size = var.size }
}
