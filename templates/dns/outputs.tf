output "fqdn" {
  description = "Domain name of the system, available once its records exist."
  value       = aws_route53_record.this["A"].fqdn
}
