output "connection_ids" {
  description = "IDs of the accepted connections, by name of the peer."
  value       = { for name, connection in aws_vpc_peering_connection_accepter.this : name => connection.id }
}
