mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                = "example"
  cidr                = "10.200.48.0/23"
  zones               = 3
  nat_gateway         = true
  vpc_endpoints       = true
  interface_endpoints = ["ecr.api", "ecr.dkr", "logs", "ssm"]
  network_acl         = true
  load_balancer_tier  = "app"
  app_addresses       = 4
}

run "is_private_over_several_zones" {
  command = apply

  assert {
    condition     = length(distinct(aws_subnet.public[*].availability_zone)) == var.zones && length(distinct(aws_subnet.app[*].availability_zone)) == var.zones && length(distinct(aws_subnet.datastore[*].availability_zone)) == var.zones
    error_message = "Every tier must have a subnet in each zone."
  }

  assert {
    condition     = !anytrue(concat(aws_subnet.public[*].map_public_ip_on_launch, aws_subnet.app[*].map_public_ip_on_launch, aws_subnet.datastore[*].map_public_ip_on_launch))
    error_message = "No subnet may assign public addresses automatically."
  }

  assert {
    condition     = aws_route.public_internet.destination_cidr_block == "0.0.0.0/0" && length(aws_route_table_association.datastore) == var.zones && length(aws_route_table_association.app) == var.zones
    error_message = "The public subnets must route to the internet, and each private one must have its tier's route table."
  }

  assert {
    condition     = aws_flow_log.this.traffic_type == "ALL" && aws_cloudwatch_log_group.flow_log.retention_in_days == var.flow_log_retention_days && endswith(aws_iam_role.flow_log.name, "-${data.aws_region.current.id}")
    error_message = "All traffic must be logged, the log must be kept as long as configured, and the role must have a different name in each region."
  }

  assert {
    condition     = !contains(aws_subnet.app[*].availability_zone, data.aws_availability_zones.available.names[index(data.aws_availability_zones.available.zone_ids, "use1-az3")]) && length(setintersection(var.excluded_zone_ids, ["usw1-az2", "apne1-az3", "apne2-az1", "cac1-az3"])) == 4
    error_message = "There must be no subnet in a zone where CloudFront reaches no load balancer."
  }

  # bpgen:if !var.nat_gateway
  assert {
    condition     = alltrue([for statement in jsondecode(aws_vpc_endpoint.s3.policy).Statement : try(statement.Condition.StringEquals["aws:ResourceAccount"][0] == data.aws_caller_identity.current.account_id, statement.Action == "s3:GetObject" && endswith(statement.Resource, "-starport-layer-bucket/*"))]) && length(jsondecode(aws_vpc_endpoint.s3.policy).Statement) == 2
    error_message = "Only the account's buckets and ECR's image layers may be reached through S3."
  }

  # bpgen:if var.vpc_endpoints
  assert {
    condition     = alltrue([for endpoint in aws_vpc_endpoint.interface : jsondecode(endpoint.policy).Statement[0].Condition.StringEquals["aws:PrincipalAccount"][0] == data.aws_caller_identity.current.account_id])
    error_message = "Endpoints must serve roles of the account only."
  }

  assert {
    condition     = length(aws_default_security_group.this.ingress) == 0 && length(aws_default_security_group.this.egress) == 0
    error_message = "The default security group must have no rules."
  }

  # bpgen:if var.vpc_endpoints
  assert {
    condition     = alltrue([for service in var.interface_endpoints : contains(keys(aws_vpc_endpoint.interface), service)]) && alltrue([for endpoint in aws_vpc_endpoint.interface : endpoint.private_dns_enabled])
    error_message = "Every AWS service that is called must have an endpoint under its usual name."
  }

  # bpgen:if var.vpc_endpoints
  assert {
    condition     = aws_vpc_security_group_ingress_rule.endpoints[0].cidr_ipv4 == var.cidr && aws_vpc_security_group_ingress_rule.endpoints[0].from_port == 443 && aws_vpc_security_group_ingress_rule.endpoints[0].to_port == 443
    error_message = "Endpoints must allow only HTTPS from the VPC."
  }

  # bpgen:if var.nat_gateway
  assert {
    condition     = length(aws_nat_gateway.this) == (var.nat_gateways == "zone" ? var.zones : 1) && length(aws_route.app_nat) == var.zones
    error_message = "Every zone must have its own NAT gateway, unless there is one for all, and a route to it."
  }

  # bpgen:if var.network_acl
  assert {
    condition     = alltrue([for rule in concat(tolist(aws_network_acl.datastore[0].ingress), tolist(aws_network_acl.datastore[0].egress)) : rule.cidr_block == var.cidr && rule.from_port == 1024])
    error_message = "The network ACL must restrict the datastore subnets to traffic within the VPC."
  }

  assert {
    condition     = toset(aws_route_table_association.public[*].route_table_id) == toset([aws_route_table.public.id]) && aws_route.public_internet.route_table_id == aws_route_table.public.id && aws_internet_gateway.this.vpc_id == aws_vpc.this.id
    error_message = "Only the public subnets may reach the internet and be reached from it, all through one route."
  }

  assert {
    condition     = aws_route_table_association.app[*].route_table_id == aws_route_table.app[*].id && aws_route_table_association.app[*].subnet_id == aws_subnet.app[*].id
    error_message = "Each app subnet must have the route table of its zone."
  }

  assert {
    condition     = toset(aws_route_table_association.datastore[*].route_table_id) == toset([aws_route_table.datastore.id]) && aws_subnet.datastore[*].availability_zone == aws_subnet.app[*].availability_zone
    error_message = "Databases must be in the zones of the applications, and have no route out."
  }

  assert {
    condition     = toset(aws_vpc_endpoint.s3.route_table_ids) == toset(aws_route_table.app[*].id) && aws_vpc_endpoint.s3.service_name == "com.amazonaws.${data.aws_region.current.id}.s3" && aws_vpc_endpoint.s3.vpc_endpoint_type == "Gateway"
    error_message = "The image layers of ECR must come through the free gateway endpoint, from every app subnet."
  }

  # bpgen:if var.vpc_endpoints
  assert {
    condition     = alltrue([for service, endpoint in aws_vpc_endpoint.interface : endpoint.service_name == "com.amazonaws.${data.aws_region.current.id}.${service}" && endpoint.vpc_endpoint_type == "Interface" && toset(endpoint.subnet_ids) == toset(aws_subnet.app[*].id) && endpoint.security_group_ids == toset([aws_security_group.endpoints[0].id])])
    error_message = "Each endpoint must have an address in every app subnet, and the security group of the endpoints."
  }

  assert {
    condition     = toset([for name in concat([aws_vpc.this.tags.Name], [aws_route_table.public.tags.Name], aws_subnet.public[*].tags.Name, aws_subnet.datastore[*].tags.Name) : startswith(name, var.name)]) == toset([true])
    error_message = "Networks, subnets and route tables have no name other than their tag."
  }

  # bpgen:if var.nat_gateway
  assert {
    condition     = aws_nat_gateway.this[*].allocation_id == aws_eip.nat[*].id && toset(aws_nat_gateway.this[*].subnet_id) == toset(slice(aws_subnet.public[*].id, 0, length(aws_nat_gateway.this)))
    error_message = "A NAT gateway needs a fixed address and a public subnet."
  }

  # bpgen:if var.nat_gateway
  assert {
    condition     = alltrue([for route in aws_route.app_nat : route.destination_cidr_block == "0.0.0.0/0"]) && aws_route.app_nat[*].route_table_id == aws_route_table.app[*].id && length(setsubtract(aws_route.app_nat[*].nat_gateway_id, aws_nat_gateway.this[*].id)) == 0
    error_message = "The app subnets must reach the internet through NAT."
  }

  # bpgen:if var.network_acl
  assert {
    condition     = toset(aws_network_acl.datastore[0].subnet_ids) == toset(aws_subnet.datastore[*].id) && alltrue([for rule in concat(tolist(aws_network_acl.datastore[0].ingress), tolist(aws_network_acl.datastore[0].egress)) : rule.action == "allow" && rule.protocol == "tcp" && rule.rule_no == 100])
    error_message = "The ACL is stateless: requests and responses of the data stores each need a rule."
  }
}

run "plans_the_ranges" {
  command = plan

  variables {
    cidr           = "10.200.48.0/23"
    subnet_weights = { app = 4, public = 2, datastore = 1 }
  }

  assert {
    condition     = join(" ", concat(aws_subnet.app[*].cidr_block, aws_subnet.public[*].cidr_block, aws_subnet.datastore[*].cidr_block)) == join(" ", slice(["10.200.48.0/26", "10.200.48.64/26", "10.200.48.128/26"], 0, var.zones), slice(["10.200.48.192/27", "10.200.48.224/27", "10.200.49.0/27"], 0, var.zones), slice(["10.200.49.32/28", "10.200.49.48/28", "10.200.49.64/28"], 0, var.zones))
    error_message = "In a /23 the app subnets are /26, the public ones /27 and the datastore ones /28, and a change would replace them all."
  }
}

run "refuses_too_few_zones" {
  command = plan

  variables {
    excluded_zone_ids = ["use1-az1", "use1-az2", "use1-az3"]
  }

  expect_failures = [aws_vpc.this]
}

run "refuses_an_overlap" {
  command = plan

  variables {
    cidr        = "10.200.48.0/23"
    other_cidrs = ["192.168.0.0/16", "10.200.0.0/16"]
  }

  expect_failures = [aws_vpc.this]
}

# bpgen:if var.vpc_endpoints
run "refuses_more_than_an_app_subnet_holds" {
  command = plan

  variables {
    extra_endpoints = [for number in range(60) : "service-${number}"]
  }

  expect_failures = [aws_vpc.this]
}
