output "size" {
  value = terraform_data.store.output
}
