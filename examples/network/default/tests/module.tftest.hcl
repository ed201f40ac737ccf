mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = {
      names    = ["xx-example-1a", "xx-example-1b", "xx-example-1c", "xx-example-1d"]
      zone_ids = ["use1-az4", "use1-az3", "use1-az1", "use1-az2"]
    }
  }

  mock_data "aws_caller_identity" { defaults = { account_id = "123456789012" } }
  mock_data "aws_partition" { defaults = { partition = "aws" } }
  mock_data "aws_region" { defaults = { id = "xx-example-1" } }
  mock_data "aws_vpc_endpoint_service" { defaults = { vpc_endpoint_policy_supported = true } }
  mock_resource "aws_cloudwatch_log_group" { defaults = { arn = "arn:aws:logs:xx-example-1:123456789012:log-group:example" } }
  mock_resource "aws_iam_role" { defaults = { arn = "arn:aws:iam::123456789012:role/example" } }
  mock_resource "aws_vpc" { defaults = { ipv6_cidr_block = "2001:db8::/56" } }
}

variables {
  name = "example"
}

run "network_reaches_dynamodb_through_a_gateway" {
  command = plan

  variables {
    extra_endpoints = ["dynamodb", "textract"]
  }

  assert {
    condition     = aws_vpc_endpoint.network_dynamodb[0].vpc_endpoint_type == "Gateway" && endswith(aws_vpc_endpoint.network_dynamodb[0].service_name, ".dynamodb") && !contains(keys(aws_vpc_endpoint.network_interface), "dynamodb") && contains(keys(aws_vpc_endpoint.network_interface), "textract") && aws_vpc_endpoint.network_s3.vpc_endpoint_type == "Gateway" && alltrue([for endpoint in aws_vpc_endpoint.network_interface : endpoint.vpc_endpoint_type == "Interface"])
    error_message = "DynamoDB must have a gateway endpoint, and other services interface endpoints."
  }

  assert {
    condition     = [for key in ["aws:PrincipalAccount", "aws:ResourceAccount"] : jsondecode(aws_vpc_endpoint.network_dynamodb[0].policy).Statement[0].Condition.StringEquals[key][0]] == [data.aws_caller_identity.current.account_id, data.aws_caller_identity.current.account_id]
    error_message = "Only roles of the account may use the endpoint, and only for its own tables."
  }
}

run "network_is_private_over_several_zones" {
  command = apply

  assert {
    condition     = length(distinct(aws_subnet.network_public[*].availability_zone)) == 3 && length(distinct(aws_subnet.network_app[*].availability_zone)) == 3 && length(distinct(aws_subnet.network_datastore[*].availability_zone)) == 3
    error_message = "Every tier must have a subnet in each zone."
  }

  assert {
    condition     = !anytrue(concat(aws_subnet.network_public[*].map_public_ip_on_launch, aws_subnet.network_app[*].map_public_ip_on_launch, aws_subnet.network_datastore[*].map_public_ip_on_launch))
    error_message = "No subnet may assign public addresses automatically."
  }

  assert {
    condition     = aws_route.network_public_internet.destination_cidr_block == "0.0.0.0/0" && length(aws_route_table_association.network_datastore) == 3 && length(aws_route_table_association.network_app) == 3
    error_message = "The public subnets must route to the internet, and each private one must have its tier's route table."
  }

  assert {
    condition     = aws_flow_log.network.traffic_type == "ALL" && aws_cloudwatch_log_group.network_flow_log.retention_in_days == var.log_retention_days && endswith(aws_iam_role.network_flow_log.name, "-${data.aws_region.current.id}")
    error_message = "All traffic must be logged, the log must be kept as long as configured, and the role must have a different name in each region."
  }

  assert {
    condition     = !contains(aws_subnet.network_app[*].availability_zone, data.aws_availability_zones.network_available.names[index(data.aws_availability_zones.network_available.zone_ids, "use1-az3")]) && length(setintersection(var.excluded_zone_ids, ["usw1-az2", "apne1-az3", "apne2-az1", "cac1-az3"])) == 4
    error_message = "There must be no subnet in a zone where CloudFront reaches no load balancer."
  }

  assert {
    condition     = alltrue([for statement in jsondecode(aws_vpc_endpoint.network_s3.policy).Statement : try(statement.Condition.StringEquals["aws:ResourceAccount"][0] == data.aws_caller_identity.current.account_id, statement.Action == "s3:GetObject" && endswith(statement.Resource, "-starport-layer-bucket/*"))]) && length(jsondecode(aws_vpc_endpoint.network_s3.policy).Statement) == 2
    error_message = "Only the account's buckets and ECR's image layers may be reached through S3."
  }

  assert {
    condition     = alltrue([for endpoint in aws_vpc_endpoint.network_interface : jsondecode(endpoint.policy).Statement[0].Condition.StringEquals["aws:PrincipalAccount"][0] == data.aws_caller_identity.current.account_id])
    error_message = "Endpoints must serve roles of the account only."
  }

  assert {
    condition     = length(aws_default_security_group.network.ingress) == 0 && length(aws_default_security_group.network.egress) == 0
    error_message = "The default security group must have no rules."
  }

  assert {
    condition     = alltrue([for service in ["ecr.api", "ecr.dkr", "logs", "ssm"] : contains(keys(aws_vpc_endpoint.network_interface), service)]) && alltrue([for endpoint in aws_vpc_endpoint.network_interface : endpoint.private_dns_enabled])
    error_message = "Every AWS service that is called must have an endpoint under its usual name."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.network_endpoints.cidr_ipv4 == var.vpc_cidr && aws_vpc_security_group_ingress_rule.network_endpoints.from_port == 443 && aws_vpc_security_group_ingress_rule.network_endpoints.to_port == 443
    error_message = "Endpoints must allow only HTTPS from the VPC."
  }

  assert {
    condition     = toset(aws_route_table_association.network_public[*].route_table_id) == toset([aws_route_table.network_public.id]) && aws_route.network_public_internet.route_table_id == aws_route_table.network_public.id && aws_internet_gateway.network.vpc_id == aws_vpc.network.id
    error_message = "Only the public subnets may reach the internet and be reached from it, all through one route."
  }

  assert {
    condition     = aws_route_table_association.network_app[*].route_table_id == aws_route_table.network_app[*].id && aws_route_table_association.network_app[*].subnet_id == aws_subnet.network_app[*].id
    error_message = "Each app subnet must have the route table of its zone."
  }

  assert {
    condition     = toset(aws_route_table_association.network_datastore[*].route_table_id) == toset([aws_route_table.network_datastore.id]) && aws_subnet.network_datastore[*].availability_zone == aws_subnet.network_app[*].availability_zone
    error_message = "Databases must be in the zones of the applications, and have no route out."
  }

  assert {
    condition     = toset(aws_vpc_endpoint.network_s3.route_table_ids) == toset(aws_route_table.network_app[*].id) && aws_vpc_endpoint.network_s3.service_name == "com.amazonaws.${data.aws_region.current.id}.s3" && aws_vpc_endpoint.network_s3.vpc_endpoint_type == "Gateway"
    error_message = "The image layers of ECR must come through the free gateway endpoint, from every app subnet."
  }

  assert {
    condition     = alltrue([for service, endpoint in aws_vpc_endpoint.network_interface : endpoint.service_name == "com.amazonaws.${data.aws_region.current.id}.${service}" && endpoint.vpc_endpoint_type == "Interface" && toset(endpoint.subnet_ids) == toset(aws_subnet.network_app[*].id) && endpoint.security_group_ids == toset([aws_security_group.network_endpoints.id])])
    error_message = "Each endpoint must have an address in every app subnet, and the security group of the endpoints."
  }

  assert {
    condition     = toset([for name in concat([aws_vpc.network.tags.Name], [aws_route_table.network_public.tags.Name], aws_subnet.network_public[*].tags.Name, aws_subnet.network_datastore[*].tags.Name) : startswith(name, var.name)]) == toset([true])
    error_message = "Networks, subnets and route tables have no name other than their tag."
  }
}

run "network_plans_the_ranges" {
  command = plan

  variables {
    vpc_cidr       = "10.200.48.0/23"
    subnet_weights = { app = 4, public = 2, datastore = 1 }
  }

  assert {
    condition     = join(" ", concat(aws_subnet.network_app[*].cidr_block, aws_subnet.network_public[*].cidr_block, aws_subnet.network_datastore[*].cidr_block)) == "10.200.48.0/26 10.200.48.64/26 10.200.48.128/26 10.200.48.192/27 10.200.48.224/27 10.200.49.0/27 10.200.49.32/28 10.200.49.48/28 10.200.49.64/28"
    error_message = "In a /23 the app subnets are /26, the public ones /27 and the datastore ones /28, and a change would replace them all."
  }
}

run "network_refuses_too_few_zones" {
  command = plan

  variables {
    excluded_zone_ids = ["use1-az1", "use1-az2", "use1-az3"]
  }

  expect_failures = [aws_vpc.network]
}

run "network_refuses_an_overlap" {
  command = plan

  variables {
    vpc_cidr    = "10.200.48.0/23"
    other_cidrs = ["192.168.0.0/16", "10.200.0.0/16"]
  }

  expect_failures = [aws_vpc.network]
}

run "network_refuses_more_than_an_app_subnet_holds" {
  command = plan

  variables {
    extra_endpoints = [for number in range(60) : "service-${number}"]
  }

  expect_failures = [aws_vpc.network]
}
