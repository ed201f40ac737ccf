output "vpc_id" {
  description = "ID of the VPC."
  value       = aws_vpc.this.id
}

output "vpc_cidr_block" {
  description = "IPv4 range of the VPC."
  value       = aws_vpc.this.cidr_block
}

output "public_subnet_ids" {
  description = "IDs of the public subnets, one in each zone."
  value       = aws_subnet.public[*].id
}

output "app_subnet_ids" {
  description = "IDs of the private subnets for applications, one in each zone."
  value       = aws_subnet.app[*].id
}

output "datastore_subnet_ids" {
  description = "IDs of the private subnets for databases and caches, one in each zone."
  value       = aws_subnet.datastore[*].id
}

output "app_route_table_ids" {
  description = "IDs of the route tables of the app subnets, one in each zone, for routes to other networks."
  value       = aws_route_table.app[*].id
}

output "public_route_table_id" {
  description = "ID of the route table of the public subnets."
  value       = aws_route_table.public.id
}

output "datastore_route_table_id" {
  description = "ID of the route table of the datastore subnets, which has no other routes."
  value       = aws_route_table.datastore.id
}

output "endpoint_security_group_id" {
  description = "ID of the security group of the interface endpoints; null without them."
  value       = one(aws_security_group.endpoints[*].id)
}

output "s3_prefix_list_id" {
  description = "ID of the prefix list of S3, for outbound rules towards the gateway endpoint."
  value       = aws_vpc_endpoint.s3.prefix_list_id
}

output "dynamodb_prefix_list_ids" {
  description = "ID of the prefix list of DynamoDB, for outbound rules towards its gateway endpoint; empty without it."
  value       = aws_vpc_endpoint.dynamodb[*].prefix_list_id
}

output "nat_public_ips" {
  description = "Public source addresses of outbound traffic, one per zone; empty without NAT gateways."
  value       = aws_eip.nat[*].public_ip
}

output "nat_gateway_ids" {
  description = "IDs of the NAT gateways, one in each zone; empty without them."
  value       = aws_nat_gateway.this[*].id
}

output "app_route_ids" {
  description = "IDs of the routes to the NAT gateways, for dependencies; empty without them."
  value       = aws_route.app_nat[*].id
}

output "app_route_table_association_ids" {
  description = "IDs of the route table associations of the app subnets, for dependencies."
  value       = aws_route_table_association.app[*].id
}

output "interface_endpoint_ids" {
  description = "IDs of the interface endpoints, for dependencies; empty without them."
  value       = values(aws_vpc_endpoint.interface)[*].id
}

output "s3_endpoint_id" {
  description = "ID of the gateway endpoint of S3, for dependencies."
  value       = aws_vpc_endpoint.s3.id
}

output "endpoint_rule_ids" {
  description = "IDs of the rules that let the VPC reach the endpoints, for dependencies; empty without them."
  value       = aws_vpc_security_group_ingress_rule.endpoints[*].id
}

# Metrics to monitor; statistics, thresholds and minutes are chosen by this module.
locals {
  alarms = { for i, id in aws_nat_gateway.this[*].id : "nat-${i + 1}" => {
    namespace  = "AWS/NATGateway"
    dimensions = { NatGatewayId = id }
    metrics = {
      ErrorPortAllocation = { statistic = "Sum", is = "above", threshold = 0, minutes = 3 } # why: no port is left for new connections
    }
  } }
}

output "alarms" {
  description = "Metrics to monitor, by subject, with the thresholds of their alarms."
  value       = local.alarms
}

output "network" {
  description = "Everything that a module deployed into the network needs: pass it on as the variable network."
  value = {
    vpc_id                     = aws_vpc.this.id
    vpc_cidr_block             = aws_vpc.this.cidr_block
    public_subnet_ids          = aws_subnet.public[*].id
    app_subnet_ids             = aws_subnet.app[*].id
    datastore_subnet_ids       = aws_subnet.datastore[*].id
    endpoint_security_group_id = one(aws_security_group.endpoints[*].id)
    s3_prefix_list_id          = aws_vpc_endpoint.s3.prefix_list_id
    dynamodb_prefix_list_id    = one(aws_vpc_endpoint.dynamodb[*].prefix_list_id)
  }

  # What starts in the network needs its routes and endpoints.
  depends_on = [
    aws_route.app_nat,
    aws_route_table_association.app,
    aws_vpc_endpoint.interface,
    aws_vpc_endpoint.s3,
    aws_vpc_security_group_ingress_rule.endpoints,
  ]
}
