resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_support   = true
  enable_dns_hostnames = true # why: private DNS names of VPC endpoints need both

  assign_generated_ipv6_cidr_block = var.ipv6 ? true : null

  tags = { Name = var.name } # notes: tags.name resources without a name get this tag

  lifecycle {
    # notes: vpc.cidr-no-overlap-between-applications, vpc.connectivity-overlapping-cidr otherwise they could never be connected
    precondition {
      condition     = length(local.overlaps) == 0
      error_message = "The range ${var.cidr} overlaps ${join(", ", local.overlaps)}. Use a block that no other network of the company uses."
    }

    # notes: vpc.cidr-holds-all-subnets all three tiers fit, in the maximum number of zones
    precondition {
      condition     = 3 * sum(values(local.subnet_sizes)) <= pow(2, 32 - local.prefix)
      error_message = "In three zones the tiers need 3 x  (${join(" + ", [for tier in local.tiers : "${local.subnet_sizes[tier]} (${tier})"])}) = ${3 * sum(values(local.subnet_sizes))} addresses, and ${var.cidr} has ${pow(2, 32 - local.prefix)}. Use a shorter prefix."
    }

    # AWS reserves five addresses in every subnet.
    precondition {
      condition     = sum(values(local.app_needs)) <= local.subnet_sizes.app - 5
      error_message = "Each app subnet has ${local.subnet_sizes.app} - 5 = ${local.subnet_sizes.app - 5} usable addresses and needs ${join(" + ", [for what, count in local.app_needs : "${count} (${what})"])} = ${sum(values(local.app_needs))}. Use a shorter prefix for ${var.cidr}, or more weight for app in subnet_weights."
    }

    precondition {
      condition     = length(local.zone_names) >= var.zones
      error_message = "The subnets need ${var.zones} zones, and without excluded_zone_ids there are ${length(local.zone_names)}. Exclude fewer, or render with zones = 2."
    }
  }
}

data "aws_availability_zones" "available" {
  # checkov:skip=CKV_AWS_394:the subnets ignore zones that AWS adds
  state = "available"

  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"] # why: excludes local and wavelength zones
  }
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

# The address plan. Each tier gets its share of the VPC by weight, as the
# largest block that fits: with a /23 an app subnet is a /26, a public
# one a /27 and a datastore one a /28; with a /16 they are a /23, a /24 and a
# /25, and the rest stays free. Room for three zones is always reserved, so
# adding one moves no subnet.
# notes: vpc.subnet-tiers, vpc.subnet-prefix-for-vpc-23, vpc.subnet-prefix-for-vpc-16 three tiers; with equal weights each subnet is a /27 or a /24
# notes: vpc.subnet-size-by-division, vpc.subnet-sizes addresses divided by subnets, more for the app, fewer for data
locals {
  tiers  = ["app", "public", "datastore"] # why: this order leaves no gaps
  prefix = tonumber(split("/", var.cidr)[1])

  # A load balancer needs at least a /27, and AWS allows no subnet smaller than a /28.
  subnet_prefixes = { for tier, weight in var.subnet_weights : tier => min(
    tier == "datastore" ? 28 : 27,
    max(20, local.prefix) + ceil(log(3 * sum(values(var.subnet_weights)) / weight, 2)),
  ) }
  subnet_sizes = { for tier, prefix in local.subnet_prefixes : tier => pow(2, 32 - prefix) }
  subnet_cidrs = zipmap(local.tiers, chunklist(cidrsubnets(aws_vpc.this.cidr_block, flatten([
    for tier in local.tiers : [for zone in range(3) : local.subnet_prefixes[tier] - local.prefix]
  ])...), 3))

  # Accounts may have different names for the same zone, but its ID is always the same.
  zone_names = [
    for index, name in data.aws_availability_zones.available.names : name
    if !contains(var.excluded_zone_ids, data.aws_availability_zones.available.zone_ids[index])
  ]

  # Addresses that each app subnet needs, by what uses them.
  app_needs = tomap({
    # bpgen:if var.load_balancer_tier == "app"
    "load balancer" = 8 # notes: vpc.min-addresses-alb at least 8
    # bpgen:if var.vpc_endpoints
    "VPC endpoints" = length(local.interface_endpoints) # notes: vpc.min-addresses-vpc-endpoint an interface in each zone
    "applications"  = var.app_addresses                 # notes: vpc.min-addresses-ecs-eks, vpc.min-addresses-autoscaling all of them when scaled out, and again while deploying
  })

  # Two ranges overlap if they are the same under the shorter of their prefixes.
  overlaps = [
    for other in var.other_cidrs : other
    if cidrhost("${cidrhost(var.cidr, 0)}/${min(local.prefix, split("/", other)[1])}", 0) == cidrhost("${cidrhost(other, 0)}/${min(local.prefix, split("/", other)[1])}", 0)
  ]

  # notes: vpc-endpoint.egress-method one for each AWS service that is called from the app subnets
  interface_endpoints = setunion(var.interface_endpoints, var.secrets_endpoint ? ["secretsmanager"] : [], local.extra_interfaces)

  # notes: vpc-endpoint.type DynamoDB has a gateway endpoint, every other service an interface endpoint
  extra_interfaces = [for service in var.extra_endpoints : service if service != "dynamodb"]

  accounts = concat([data.aws_caller_identity.current.account_id], var.trusted_account_ids)

  # Credentials of other accounts cannot be used to exfiltrate data.
  endpoint_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "*", Resource = "*", Condition = { StringEquals = { "aws:PrincipalAccount" = local.accounts } } }]
  })
}

resource "aws_subnet" "public" {
  count = var.zones

  vpc_id                  = aws_vpc.this.id
  cidr_block              = local.subnet_cidrs.public[count.index]
  ipv6_cidr_block         = var.ipv6 ? cidrsubnet(aws_vpc.this.ipv6_cidr_block, 8, count.index) : null
  availability_zone       = local.zone_names[count.index] # notes: region.az-subnet-ec2 a subnet is in one zone
  map_public_ip_on_launch = false

  tags = { Name = "${var.name}-public-${count.index + 1}" }

  lifecycle {
    ignore_changes = [availability_zone] # why: a zone added by AWS shifts the list, and must not replace subnets
  }
}

# notes: vpc.private-app-subnet-holds-applications applications
resource "aws_subnet" "app" {
  count = var.zones

  vpc_id            = aws_vpc.this.id
  cidr_block        = local.subnet_cidrs.app[count.index]
  availability_zone = local.zone_names[count.index]

  tags = { Name = "${var.name}-app-${count.index + 1}" }

  lifecycle {
    ignore_changes = [availability_zone]
  }
}

# notes: vpc.private-datastore-subnet-holds-databases databases and caches
resource "aws_subnet" "datastore" {
  count = var.zones

  vpc_id            = aws_vpc.this.id
  cidr_block        = local.subnet_cidrs.datastore[count.index]
  availability_zone = local.zone_names[count.index]

  tags = { Name = "${var.name}-datastore-${count.index + 1}" }

  lifecycle {
    ignore_changes = [availability_zone]
  }
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id # notes: vpc.internet-gateway-on-vpc, vpc.internet-gateway attached to the VPC, not to a subnet

  tags = { Name = var.name }
}

# notes: vpc.route-table-kind each tier has its own tables; the main one is unused
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.this.id

  tags = { Name = "${var.name}-public" }
}

resource "aws_route" "public_internet" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this.id # notes: vpc.public-subnet-direct-requests, vpc.route-table-internet-gateway these subnets take requests directly from outside
}

resource "aws_route" "public_internet_ipv6" {
  count = var.ipv6 ? 1 : 0

  route_table_id              = aws_route_table.public.id
  destination_ipv6_cidr_block = "::/0"
  gateway_id                  = aws_internet_gateway.this.id
}

resource "aws_route_table_association" "public" {
  count = var.zones

  route_table_id = aws_route_table.public.id
  subnet_id      = aws_subnet.public[count.index].id
}

# One per zone even without NAT, so that NAT can be added later without
# removing the route table of a running service.
resource "aws_route_table" "app" {
  count = var.zones

  vpc_id = aws_vpc.this.id

  tags = { Name = "${var.name}-app-${count.index + 1}" }
}

resource "aws_route_table_association" "app" {
  count = var.zones

  route_table_id = aws_route_table.app[count.index].id
  subnet_id      = aws_subnet.app[count.index].id
}

# Survives a replacement of the gateway, so others can allow traffic by address.
# notes: vpc.public-ip-kind static, kept when what uses it is replaced
resource "aws_eip" "nat" {
  count = var.nat_gateway ? (var.nat_gateways == "zone" ? var.zones : 1) : 0

  domain = "vpc"

  tags = { Name = "${var.name}-nat-${count.index + 1}" }

  depends_on = [aws_internet_gateway.this]
}

# One per zone, so that the loss of a zone does not cut off the others, or one for all.
# notes: vpc.nat-gateway many private addresses behind one public one
resource "aws_nat_gateway" "this" {
  count = var.nat_gateway ? (var.nat_gateways == "zone" ? var.zones : 1) : 0

  allocation_id = aws_eip.nat[count.index].id       # notes: vpc.eip-association-target, vpc.eni-elastic-ip tied to an interface, not an instance
  subnet_id     = aws_subnet.public[count.index].id # notes: vpc.nat-gateway-in-public-subnet, vpc.public-subnet-holds-nat in a public subnet

  tags = { Name = "${var.name}-${count.index + 1}" }
}

resource "aws_route" "app_nat" {
  count = var.nat_gateway ? var.zones : 0

  route_table_id         = aws_route_table.app[count.index].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[var.nat_gateways == "zone" ? count.index : 0].id # notes: vpc.private-subnet-via-nat outbound only, through NAT
}

# notes: vpc.route-table-local-only local only: other traffic is dropped
resource "aws_route_table" "datastore" {
  vpc_id = aws_vpc.this.id

  tags = { Name = "${var.name}-datastore" }
}

resource "aws_route_table_association" "datastore" {
  count = var.zones

  route_table_id = aws_route_table.datastore.id
  subnet_id      = aws_subnet.datastore[count.index].id
}

# Evaluated before the security groups: only the VPC's
# own traffic, on ports without shell or file services.
resource "aws_network_acl" "datastore" {
  count = var.network_acl ? 1 : 0

  vpc_id     = aws_vpc.this.id
  subnet_ids = aws_subnet.datastore[*].id

  # notes: vpc.nacl-both-directions rules inbound and outbound
  ingress {
    rule_no    = 100 # notes: vpc.nacl-evaluation-order, vpc.nacl-inbound-rules by number: this one comes first
    action     = "allow"
    protocol   = "tcp"
    cidr_block = aws_vpc.this.cidr_block
    from_port  = 1024
    to_port    = 65535
  }

  egress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    cidr_block = aws_vpc.this.cidr_block
    from_port  = 1024
    to_port    = 65535
  }

  tags = { Name = "${var.name}-datastore" }
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.${data.aws_region.current.id}.s3" # notes: ecs-fargate.vpc-endpoint-s3 for the image layers
  vpc_endpoint_type = "Gateway"                                        # notes: vpc-endpoint.type the type for S3
  route_table_ids   = aws_route_table.app[*].id                        # notes: vpc-endpoint.gateway-by-route-table it works through their routes

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      # bpgen:if var.nat_gateway
      { Effect = "Allow", Principal = "*", Action = "*", Resource = "*" }, # why: with internet access a policy here would restrict nothing
      # bpgen:if !var.nat_gateway
      { Effect = "Allow", Principal = "*", Action = "*", Resource = "*", Condition = { StringEquals = { "aws:ResourceAccount" = local.accounts } } }, # why: no data leaves through other accounts' buckets
      # bpgen:if !var.nat_gateway
      { Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "arn:${data.aws_partition.current.partition}:s3:::prod-${data.aws_region.current.id}-starport-layer-bucket/*" }, # why: ECR's bucket of image layers, with URLs signed by ECR
    ]
  })

  tags = { Name = "${var.name}-s3" }
}

resource "aws_vpc_endpoint" "dynamodb" {
  count = var.vpc_endpoints && contains(var.extra_endpoints, "dynamodb") ? 1 : 0

  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.${data.aws_region.current.id}.dynamodb"
  vpc_endpoint_type = "Gateway" # notes: vpc-endpoint.type the type for DynamoDB
  route_table_ids   = aws_route_table.app[*].id

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "*", Resource = "*", Condition = { StringEquals = { "aws:PrincipalAccount" = local.accounts, "aws:ResourceAccount" = local.accounts } } }] # why: no data leaves through other accounts' tables
  })

  tags = { Name = "${var.name}-dynamodb" }
}

# Not every service supports an endpoint policy.
data "aws_vpc_endpoint_service" "extra" {
  for_each = var.vpc_endpoints ? toset(local.extra_interfaces) : toset([])

  service      = each.key
  service_type = "Interface"
}

resource "aws_vpc_endpoint" "interface" {
  for_each = var.vpc_endpoints ? toset(local.interface_endpoints) : toset([])

  vpc_id              = aws_vpc.this.id
  service_name        = "com.amazonaws.${data.aws_region.current.id}.${each.key}"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = aws_subnet.app[*].id                 # notes: vpc-endpoint.interface-is-eni an interface with a private address in each subnet
  security_group_ids  = [aws_security_group.endpoints[0].id] # notes: vpc.eni-security-group it protects each interface
  private_dns_enabled = true                                 # why: clients find the endpoint under the service's usual name
  policy              = try(data.aws_vpc_endpoint_service.extra[each.key].vpc_endpoint_policy_supported, true) ? local.endpoint_policy : null

  tags = { Name = "${var.name}-${each.key}" }
}

resource "aws_flow_log" "this" {
  vpc_id          = aws_vpc.this.id
  traffic_type    = "ALL" # why: accepted traffic is what matters in an incident
  log_destination = aws_cloudwatch_log_group.flow_log.arn
  iam_role_arn    = aws_iam_role.flow_log.arn

  tags = { Name = var.name }
}

# trivy:ignore:AWS-0017 CloudWatch Logs encrypts by default; a customer-managed key would only cost money
resource "aws_cloudwatch_log_group" "flow_log" {
  # checkov:skip=CKV_AWS_158:CloudWatch Logs encrypts by default; a customer-managed key would only cost money
  name              = "/${var.name}/vpc-flow-log"
  retention_in_days = var.flow_log_retention_days
}

resource "aws_iam_role" "flow_log" {
  name = "${var.name}-vpc-flow-log-${data.aws_region.current.id}" # why: role names are unique in the account, across all regions

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "vpc-flow-logs.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })
}

resource "aws_iam_role_policy" "flow_log" {
  name = "write-flow-log"
  role = aws_iam_role.flow_log.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:PutLogEvents"]
      Resource = "${aws_cloudwatch_log_group.flow_log.arn}:*"
    }]
  })
}

# Without rules, so that nothing can use the default group.
resource "aws_default_security_group" "this" {
  vpc_id  = aws_vpc.this.id
  ingress = []
  egress  = []

  tags = { Name = "${var.name}-unused" }
}

resource "aws_security_group" "endpoints" {
  count = var.vpc_endpoints ? 1 : 0

  name        = "${var.name}-endpoints"
  description = "Interface endpoints of AWS services"
  vpc_id      = aws_vpc.this.id

  tags = { Name = "${var.name}-endpoints" }
}

resource "aws_vpc_security_group_ingress_rule" "endpoints" {
  count = var.vpc_endpoints ? 1 : 0

  security_group_id = aws_security_group.endpoints[0].id
  description       = "HTTPS from the VPC"
  cidr_ipv4         = aws_vpc.this.cidr_block
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
