output "text" {
  value       = terraform_data.this.output
  description = "What the page says."
}
