output "dns_names" {
  description = "Names of the endpoints, by service: the first of each covers all zones."
  value       = { for name, endpoint in aws_vpc_endpoint.this : name => endpoint.dns_entry[*].dns_name }
}

output "endpoint_ids" {
  description = "IDs of the endpoints, by service, for the owners who accept them."
  value       = { for name, endpoint in aws_vpc_endpoint.this : name => endpoint.id }
}
