output "vpc_id" {
  description = "ID of the VPC."
  value       = aws_vpc.network.id
}

output "network" {
  description = "Everything that a module deployed into the network needs: pass it on as its variable network."
  value       = local.network_network
}
