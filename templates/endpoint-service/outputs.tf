output "service_name" {
  description = "Name of the service, which consumers put into their endpoint." # notes: vpc-endpoint-service.service-name com.amazonaws.vpce.<region>.vpce-svc-<id>
  value       = aws_vpc_endpoint_service.this.service_name
}

output "service_id" {
  description = "ID of the service, to see who requests a connection."
  value       = aws_vpc_endpoint_service.this.id
}

output "domain_verification" {
  description = "TXT record that proves ownership of the domain of private_dns_name; empty if there is none."
  value       = aws_vpc_endpoint_service.this.private_dns_name_configuration
}
