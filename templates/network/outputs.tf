output "vpc_id" {
  description = "Id of the VPC."
  value       = aws_vpc.this.id
}

output "vpc_cidr_block" {
  description = "IPv4 range of the VPC."
  value       = aws_vpc.this.cidr_block
}

output "public_subnet_ids" {
  description = "Ids of the public subnets, one in each zone."
  value       = aws_subnet.public[*].id
}

output "app_subnet_ids" {
  description = "Ids of the private subnets for applications, one in each zone."
  value       = aws_subnet.app[*].id
}

output "datastore_subnet_ids" {
  description = "Ids of the private subnets for databases and caches, one in each zone."
  value       = aws_subnet.datastore[*].id
}

output "endpoint_security_group_id" {
  description = "Id of the security group of the interface endpoints; null without them."
  value       = one(aws_security_group.endpoints[*].id)
}

output "s3_prefix_list_id" {
  description = "Id of the prefix list of S3, for outbound rules towards the gateway endpoint."
  value       = aws_vpc_endpoint.s3.prefix_list_id
}

output "nat_public_ips" {
  description = "Public addresses that outbound traffic comes from, one for each zone; empty without NAT gateways."
  value       = aws_eip.nat[*].public_ip
}

output "nat_gateway_ids" {
  description = "Ids of the NAT gateways, one in each zone; empty without them."
  value       = aws_nat_gateway.this[*].id
}
