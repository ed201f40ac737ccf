output "zone_id" {
  description = "ID of the hosted zone."
  value       = aws_route53_zone.this.zone_id
}

output "name_servers" {
  description = "Name servers of the hosted zone, for the registrar of the domain."
  value       = aws_route53_zone.this.name_servers
}
