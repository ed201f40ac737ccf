output "vpc_id" {
  description = "ID of the VPC."
  value       = var.network.vpc_id
}

output "vpc_cidr_block" {
  description = "IPv4 range of the VPC; null if it was not set."
  value       = var.network.vpc_cidr_block
}

output "public_subnet_ids" {
  description = "IDs of the public subnets."
  value       = var.network.public_subnet_ids
}

output "app_subnet_ids" {
  description = "IDs of the private subnets for applications."
  value       = var.network.app_subnet_ids
}

output "datastore_subnet_ids" {
  description = "IDs of the private subnets for databases and caches."
  value       = var.network.datastore_subnet_ids
}

output "endpoint_security_group_id" {
  description = "ID of the security group of the interface endpoints; null without them."
  value       = var.network.endpoint_security_group_id
}

output "s3_prefix_list_id" {
  description = "ID of the prefix list of S3, for outbound rules towards the gateway endpoint."
  value       = var.network.s3_prefix_list_id
}

output "dynamodb_prefix_list_ids" {
  description = "ID of the prefix list of DynamoDB, for outbound rules towards its gateway endpoint; empty without it."
  value       = var.network.dynamodb_prefix_list_id[*]
}

output "nat_public_ips" {
  description = "Public source addresses of outbound traffic; only the network's owner knows them."
  value       = []
}

output "nat_gateway_ids" {
  description = "IDs of the NAT gateways; only the network's owner knows them."
  value       = []
}

output "app_route_ids" {
  description = "Routes for dependencies: none, since they already exist."
  value       = []
}

output "app_route_table_association_ids" {
  description = "Associations of route tables for dependencies: none, since they already exist."
  value       = []
}

output "interface_endpoint_ids" {
  description = "Interface endpoints for dependencies: none, since they already exist."
  value       = []
}

output "s3_endpoint_id" {
  description = "Gateway endpoint of S3, for dependencies: null, since it already exists."
  value       = null
}

output "endpoint_rule_ids" {
  description = "Rules of the endpoints, for dependencies: none, since the tasks create their own."
  value       = []
}

output "alarms" {
  description = "Nothing to monitor here: the network's owner does that."
  value       = {}
}
