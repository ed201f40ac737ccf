locals {
  network_network = {
    vpc_id                     = aws_vpc.network.id
    vpc_cidr_block             = aws_vpc.network.cidr_block
    public_subnet_ids          = aws_subnet.network_public[*].id
    app_subnet_ids             = aws_subnet.network_app[*].id
    datastore_subnet_ids       = aws_subnet.network_datastore[*].id
    endpoint_security_group_id = null
    s3_prefix_list_id          = aws_vpc_endpoint.network_s3.prefix_list_id
    dynamodb_prefix_list_id    = null
  }
}

resource "aws_vpc" "network" {
  cidr_block           = var.vpc_cidr
  enable_dns_support   = true
  enable_dns_hostnames = true # why: private DNS names of VPC endpoints need both

  tags = { Name = var.name } # notes tags.name: resources without a name get this tag

  lifecycle {
    # notes vpc.cidr-no-overlap-between-applications, vpc.connectivity-overlapping-cidr: otherwise they could never be connected
    precondition {
      condition     = length(local.network_overlaps) == 0
      error_message = "The range ${var.vpc_cidr} overlaps ${join(", ", local.network_overlaps)}. Use a block that no other network of the company uses."
    }

    # notes vpc.cidr-holds-all-subnets: all three tiers fit, in the maximum number of zones
    precondition {
      condition     = 3 * sum(values(local.network_subnet_sizes)) <= pow(2, 32 - local.network_prefix)
      error_message = "In three zones the tiers need 3 x  (${join(" + ", [for tier in ["app", "public", "datastore"] : "${local.network_subnet_sizes[tier]} (${tier})"])}) = ${3 * sum(values(local.network_subnet_sizes))} addresses, and ${var.vpc_cidr} has ${pow(2, 32 - local.network_prefix)}. Use a shorter prefix."
    }

    # AWS reserves five addresses in every subnet.
    precondition {
      condition     = sum(values(local.network_app_needs)) <= local.network_subnet_sizes.app - 5
      error_message = "Each app subnet has ${local.network_subnet_sizes.app} - 5 = ${local.network_subnet_sizes.app - 5} usable addresses and needs ${join(" + ", [for what, count in local.network_app_needs : "${count} (${what})"])} = ${sum(values(local.network_app_needs))}. Use a shorter prefix for ${var.vpc_cidr}, or more weight for app in subnet_weights."
    }

    precondition {
      condition     = length(local.network_zone_names) >= 2
      error_message = "The subnets need 2 zones, and without excluded_zone_ids there are ${length(local.network_zone_names)}. Exclude fewer, or render with zones = 2."
    }
  }
}

data "aws_availability_zones" "network_available" {
  # checkov:skip=CKV_AWS_394:the subnets ignore zones that AWS adds
  state = "available"

  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"] # why: excludes local and wavelength zones
  }
}

# The address plan. Each tier gets its share of the VPC by weight, as the
# largest block that fits: with a /23 an app subnet is a /26, a public
# one a /27 and a datastore one a /28; with a /16 they are a /23, a /24 and a
# /25, and the rest stays free. Room for three zones is always reserved, so
# adding one moves no subnet.
# notes vpc.subnet-tiers, vpc.subnet-prefix-for-vpc-23, vpc.subnet-prefix-for-vpc-16: three tiers; with equal weights each subnet is a /27 or a /24
# notes vpc.subnet-size-by-division, vpc.subnet-sizes: addresses divided by subnets, more for the app, fewer for data
locals {
  network_prefix = tonumber(split("/", var.vpc_cidr)[1])

  # A load balancer needs at least a /27, and AWS allows no subnet smaller than a /28.
  network_subnet_prefixes = { for tier, weight in var.subnet_weights : tier => min(
    tier == "datastore" ? 28 : 27,
    max(20, local.network_prefix) + ceil(log(3 * sum(values(var.subnet_weights)) / weight, 2)),
  ) }
  network_subnet_sizes = { for tier, prefix in local.network_subnet_prefixes : tier => pow(2, 32 - prefix) }
  network_subnet_cidrs = zipmap(["app", "public", "datastore"], chunklist(cidrsubnets(aws_vpc.network.cidr_block, flatten([
    for tier in ["app", "public", "datastore"] : [for zone in range(3) : local.network_subnet_prefixes[tier] - local.network_prefix]
  ])...), 3))

  # Accounts may have different names for the same zone, but its ID is always the same.
  network_zone_names = [
    for index, name in data.aws_availability_zones.network_available.names : name
    if !contains(var.excluded_zone_ids, data.aws_availability_zones.network_available.zone_ids[index])
  ]

  # Addresses that each app subnet needs, by what uses them.
  network_app_needs = tomap({
    "applications" = 2 * ceil(var.service_scaling.max / 2) # notes vpc.min-addresses-ecs-eks, vpc.min-addresses-autoscaling: all of them when scaled out, and again while deploying
  })

  # Two ranges overlap if they are the same under the shorter of their prefixes.
  network_overlaps = [
    for other in var.other_cidrs : other
    if cidrhost("${cidrhost(var.vpc_cidr, 0)}/${min(local.network_prefix, split("/", other)[1])}", 0) == cidrhost("${cidrhost(other, 0)}/${min(local.network_prefix, split("/", other)[1])}", 0)
  ]
}

resource "aws_subnet" "network_public" {
  count = 2

  vpc_id                  = aws_vpc.network.id
  cidr_block              = local.network_subnet_cidrs.public[count.index]
  availability_zone       = local.network_zone_names[count.index] # notes region.az-subnet-ec2: a subnet is in one zone
  map_public_ip_on_launch = false

  tags = { Name = "${var.name}-public-${count.index + 1}" }

  lifecycle {
    ignore_changes = [availability_zone] # why: a zone added by AWS shifts the list, and must not replace subnets
  }
}

# notes vpc.private-app-subnet-holds-applications: applications
resource "aws_subnet" "network_app" {
  count = 2

  vpc_id            = aws_vpc.network.id
  cidr_block        = local.network_subnet_cidrs.app[count.index]
  availability_zone = local.network_zone_names[count.index]

  tags = { Name = "${var.name}-app-${count.index + 1}" }

  lifecycle {
    ignore_changes = [availability_zone]
  }
}

# notes vpc.private-datastore-subnet-holds-databases: databases and caches
resource "aws_subnet" "network_datastore" {
  count = 2

  vpc_id            = aws_vpc.network.id
  cidr_block        = local.network_subnet_cidrs.datastore[count.index]
  availability_zone = local.network_zone_names[count.index]

  tags = { Name = "${var.name}-datastore-${count.index + 1}" }

  lifecycle {
    ignore_changes = [availability_zone]
  }
}

resource "aws_internet_gateway" "network" {
  vpc_id = aws_vpc.network.id # notes vpc.internet-gateway-on-vpc, vpc.internet-gateway: attached to the VPC, not to a subnet

  tags = { Name = var.name }
}

# notes vpc.route-table-kind: each tier has its own tables; the main one is unused
resource "aws_route_table" "network_public" {
  vpc_id = aws_vpc.network.id

  tags = { Name = "${var.name}-public" }
}

resource "aws_route" "network_public_internet" {
  route_table_id         = aws_route_table.network_public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.network.id # notes vpc.public-subnet-direct-requests, vpc.route-table-internet-gateway: these subnets take requests directly from outside
}

resource "aws_route_table_association" "network_public" {
  count = 2

  route_table_id = aws_route_table.network_public.id
  subnet_id      = aws_subnet.network_public[count.index].id
}

# One per zone even without NAT, so that NAT can be added later without
# removing the route table of a running service.
resource "aws_route_table" "network_app" {
  count = 2

  vpc_id = aws_vpc.network.id

  tags = { Name = "${var.name}-app-${count.index + 1}" }
}

resource "aws_route_table_association" "network_app" {
  count = 2

  route_table_id = aws_route_table.network_app[count.index].id
  subnet_id      = aws_subnet.network_app[count.index].id
}

# Survives a replacement of the gateway, so others can allow traffic by address.
# notes vpc.public-ip-kind: static, kept when what uses it is replaced
resource "aws_eip" "network_nat" {
  count = (var.nat_gateways == "zone" ? 2 : 1)

  domain = "vpc"

  tags = { Name = "${var.name}-nat-${count.index + 1}" }

  depends_on = [aws_internet_gateway.network]
}

# One per zone, so that the loss of a zone does not cut off the others, or one for all.
# notes vpc.nat-gateway: many private addresses behind one public one
resource "aws_nat_gateway" "network" {
  count = (var.nat_gateways == "zone" ? 2 : 1)

  allocation_id = aws_eip.network_nat[count.index].id       # notes vpc.eip-association-target, vpc.eni-elastic-ip: tied to an interface, not an instance
  subnet_id     = aws_subnet.network_public[count.index].id # notes vpc.nat-gateway-in-public-subnet, vpc.public-subnet-holds-nat: in a public subnet

  tags = { Name = "${var.name}-${count.index + 1}" }
}

resource "aws_route" "network_app_nat" {
  count = 2

  route_table_id         = aws_route_table.network_app[count.index].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.network[var.nat_gateways == "zone" ? count.index : 0].id # notes vpc.private-subnet-via-nat: outbound only, through NAT
}

# notes vpc.route-table-local-only: local only: other traffic is dropped
resource "aws_route_table" "network_datastore" {
  vpc_id = aws_vpc.network.id

  tags = { Name = "${var.name}-datastore" }
}

resource "aws_route_table_association" "network_datastore" {
  count = 2

  route_table_id = aws_route_table.network_datastore.id
  subnet_id      = aws_subnet.network_datastore[count.index].id
}

resource "aws_vpc_endpoint" "network_s3" {
  vpc_id            = aws_vpc.network.id
  service_name      = "com.amazonaws.${data.aws_region.current.id}.s3" # notes ecs-fargate.vpc-endpoint-s3: for the image layers
  vpc_endpoint_type = "Gateway"                                        # notes vpc-endpoint.type: the type for S3
  route_table_ids   = aws_route_table.network_app[*].id                # notes vpc-endpoint.gateway-by-route-table: it works through their routes

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Principal = "*", Action = "*", Resource = "*" }, # why: with internet access a policy here would restrict nothing
    ]
  })

  tags = { Name = "${var.name}-s3" }
}

resource "aws_flow_log" "network" {
  vpc_id          = aws_vpc.network.id
  traffic_type    = "ALL" # why: accepted traffic is what matters in an incident
  log_destination = aws_cloudwatch_log_group.network_flow_log.arn
  iam_role_arn    = aws_iam_role.network_flow_log.arn

  tags = { Name = var.name }
}

# trivy:ignore:AWS-0017 CloudWatch Logs encrypts by default; a customer-managed key would only cost money
resource "aws_cloudwatch_log_group" "network_flow_log" {
  # checkov:skip=CKV_AWS_158:CloudWatch Logs encrypts by default; a customer-managed key would only cost money
  name              = "/${var.name}/vpc-flow-log"
  retention_in_days = var.log_retention_days
}

resource "aws_iam_role" "network_flow_log" {
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

resource "aws_iam_role_policy" "network_flow_log" {
  name = "write-flow-log"
  role = aws_iam_role.network_flow_log.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["logs:CreateLogStream", "logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:PutLogEvents"]
      Resource = "${aws_cloudwatch_log_group.network_flow_log.arn}:*"
    }]
  })
}

# Without rules, so that nothing can use the default group.
resource "aws_default_security_group" "network" {
  vpc_id  = aws_vpc.network.id
  ingress = []
  egress  = []

  tags = { Name = "${var.name}-unused" }
}

# Metrics to monitor; statistics, thresholds and minutes are chosen by this module.
locals {
  network_alarms = { for i, id in aws_nat_gateway.network[*].id : "nat-${i + 1}" => {
    namespace  = "AWS/NATGateway"
    dimensions = { NatGatewayId = id }
    metrics = {
      ErrorPortAllocation = { statistic = "Sum", is = "above", threshold = 0, minutes = 3 } # why: no port is left for new connections
    }
  } }
}
