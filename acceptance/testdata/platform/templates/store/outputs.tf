output "id" {
  value       = terraform_data.this.id
  description = "Id of the store."
}
