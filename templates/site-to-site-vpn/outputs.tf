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

# Metrics to monitor; statistics, thresholds and minutes are chosen by this module.
locals {
  alarms = {
    vpn = {
      namespace  = "AWS/VPN"
      dimensions = { VpnId = aws_vpn_connection.this.id }
      metrics = {
        TunnelState = { statistic = "Minimum", is = "below", threshold = 1, minutes = 1, missing = "notBreaching" } # why: with one tunnel down, the next failure cuts the connection; AWS does not report every minute
      }
    }
  }
}

output "alarms" {
  description = "Metrics to monitor, by subject, with the thresholds of their alarms."
  value       = local.alarms
}
