output "connection_id" {
  description = "ID of the VPN connection, to download the router's configuration."
  value       = aws_vpn_connection.this.id
}

output "tunnel_addresses" {
  description = "AWS's addresses of the two tunnels, for the router and its firewall."
  value       = [aws_vpn_connection.this.tunnel1_address, aws_vpn_connection.this.tunnel2_address]
}

output "key_secret_arn" {
  description = "Secret with the keys of both tunnels, to set up the router."
  value       = aws_vpn_connection.this.preshared_key_arn
}
