output "connection_ids" {
  description = "IDs of the connections, by name of the peer, for the owners who accept them."
  value       = { for name, connection in aws_vpc_peering_connection.this : name => connection.id }
}
