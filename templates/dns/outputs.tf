output "fqdn" {
  description = "Domain name that the system is reached under, once its records exist."
  value       = aws_route53_record.this["A"].fqdn
}
