resource "terraform_data" "this" {
  input = [var.name, var.store]
}

variable "name" {
  type        = string
  description = "Name."
}

variable "store" {
  type        = string
  description = "Id of the store."
}

output "url" {
  value       = "https://${terraform_data.this.id}.example.com"
  description = "Address."
}
