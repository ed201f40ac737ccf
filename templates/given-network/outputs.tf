output "vpc_id" {
  description = "Id of the VPC."
  value       = var.network.vpc_id
}

output "vpc_cidr_block" {
  description = "IPv4 range of the VPC; null where it was not given."
  value       = var.network.vpc_cidr_block
}

output "public_subnet_ids" {
  description = "Ids of the public subnets."
  value       = var.network.public_subnet_ids
}

output "app_subnet_ids" {
  description = "Ids of the private subnets for applications."
  value       = var.network.app_subnet_ids
}

output "datastore_subnet_ids" {
  description = "Ids of the private subnets for databases and caches."
  value       = var.network.datastore_subnet_ids
}

output "endpoint_security_group_id" {
  description = "Id of the security group of the interface endpoints; null without them."
  value       = var.network.endpoint_security_group_id
}

output "s3_prefix_list_id" {
  description = "Id of the prefix list of S3, for outbound rules towards the gateway endpoint."
  value       = var.network.s3_prefix_list_id
}

output "nat_public_ips" {
  description = "Public addresses that outbound traffic comes from; only the network's owner knows them."
  value       = []
}

output "nat_gateway_ids" {
  description = "Ids of the NAT gateways; only the network's owner knows them."
  value       = []
}

output "app_route_ids" {
  description = "Routes to wait for: none, they are there."
  value       = []
}

output "app_route_table_association_ids" {
  description = "Associations of route tables to wait for: none, they are there."
  value       = []
}

output "interface_endpoint_ids" {
  description = "Interface endpoints to wait for: none, they are there."
  value       = []
}

output "s3_endpoint_id" {
  description = "Gateway endpoint of S3 to wait for: null, it is there."
  value       = null
}

output "endpoint_rule_ids" {
  description = "Rules of the endpoints to wait for: none, the tasks bring theirs."
  value       = []
}
