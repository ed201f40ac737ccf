resource "aws_vpc" "network" {
  cidr_block           = var.vpc_cidr
  enable_dns_support   = true
  enable_dns_hostnames = true # why: private DNS names of VPC endpoints need both

  tags = { Name = var.name } # notes 37: what has no name of its own gets this tag
}

data "aws_availability_zones" "network_available" {
  # checkov:skip=CKV_AWS_394:the subnets ignore a zone that AWS adds
  state = "available"

  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"] # why: leaves out local and wavelength zones
  }
}

# Sizes follow the VPC's: with a /23 an app subnet is a /26, a public one a
# /27 and a datastore one a /28; with a /16 they are a /23, a /24 and a /25.
# Room for three zones is always set aside, so adding one moves no subnet.
# notes 33: most addresses for the app, fewest for data
locals {
  network_prefix         = tonumber(split("/", var.vpc_cidr)[1])
  network_app_bits       = max(23, min(27, local.network_prefix + 3)) - local.network_prefix
  network_public_bits    = max(24, min(27, local.network_prefix + 4)) - local.network_prefix
  network_datastore_bits = max(25, min(28, local.network_prefix + 5)) - local.network_prefix

  network_subnet_cidrs = zipmap(["app", "public", "datastore"], chunklist(cidrsubnets(var.vpc_cidr,
    local.network_app_bits, local.network_app_bits, local.network_app_bits,
    local.network_public_bits, local.network_public_bits, local.network_public_bits,
    local.network_datastore_bits, local.network_datastore_bits, local.network_datastore_bits,
  ), 3))
}

resource "aws_subnet" "network_public" {
  count = 3

  vpc_id                  = aws_vpc.network.id
  cidr_block              = local.network_subnet_cidrs.public[count.index]
  availability_zone       = data.aws_availability_zones.network_available.names[count.index]
  map_public_ip_on_launch = false # why: load balancers and NAT gateways bring their own addresses

  tags = { Name = "${var.name}-public-${count.index + 1}" }

  lifecycle {
    ignore_changes = [availability_zone] # why: a zone that AWS adds shifts the list, and must not replace subnets
  }
}

resource "aws_subnet" "network_app" {
  count = 3

  vpc_id            = aws_vpc.network.id
  cidr_block        = local.network_subnet_cidrs.app[count.index]
  availability_zone = data.aws_availability_zones.network_available.names[count.index]

  tags = { Name = "${var.name}-app-${count.index + 1}" }

  lifecycle {
    ignore_changes = [availability_zone]
  }
}

resource "aws_subnet" "network_datastore" {
  count = 3

  vpc_id            = aws_vpc.network.id
  cidr_block        = local.network_subnet_cidrs.datastore[count.index]
  availability_zone = data.aws_availability_zones.network_available.names[count.index]

  tags = { Name = "${var.name}-datastore-${count.index + 1}" }

  lifecycle {
    ignore_changes = [availability_zone]
  }
}

resource "aws_internet_gateway" "network" {
  vpc_id = aws_vpc.network.id # notes 33: attached to the VPC, used by the public subnets

  tags = { Name = var.name }
}

resource "aws_route_table" "network_public" {
  vpc_id = aws_vpc.network.id

  tags = { Name = "${var.name}-public" }
}

resource "aws_route" "network_public_internet" {
  route_table_id         = aws_route_table.network_public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.network.id # notes 33: only these subnets are reached from outside
}

resource "aws_route_table_association" "network_public" {
  count = 3

  route_table_id = aws_route_table.network_public.id
  subnet_id      = aws_subnet.network_public[count.index].id
}

# One for each zone even without NAT, so that NAT can come later without
# taking the route table of a running service away.
resource "aws_route_table" "network_app" {
  count = 3

  vpc_id = aws_vpc.network.id

  tags = { Name = "${var.name}-app-${count.index + 1}" }
}

resource "aws_route_table_association" "network_app" {
  count = 3

  route_table_id = aws_route_table.network_app[count.index].id
  subnet_id      = aws_subnet.network_app[count.index].id
}

# notes 33: no route out: databases neither call out nor are called
resource "aws_route_table" "network_datastore" {
  vpc_id = aws_vpc.network.id

  tags = { Name = "${var.name}-datastore" }
}

resource "aws_route_table_association" "network_datastore" {
  count = 3

  route_table_id = aws_route_table.network_datastore.id
  subnet_id      = aws_subnet.network_datastore[count.index].id
}

resource "aws_vpc_endpoint" "network_s3" {
  vpc_id            = aws_vpc.network.id
  service_name      = "com.amazonaws.${data.aws_region.current.id}.s3" # notes 14-03: ECR keeps image layers in S3
  vpc_endpoint_type = "Gateway"                                        # notes 33: the one for S3, and free
  route_table_ids   = aws_route_table.network_app[*].id                # notes 33: it works by their routes

  tags = { Name = "${var.name}-s3" }
}

resource "aws_vpc_endpoint" "network_interface" {
  # notes 14-03: every AWS service that private tasks call
  for_each = toset([
    "ecr.api",        # notes 14-03: image manifests
    "ecr.dkr",        # notes 14-03: image pulls
    "logs",           # notes 14-03: container logs
    "ssm",            # notes 14-03: Parameter Store
    "secretsmanager", # why: the application reads the database password there
  ])

  vpc_id              = aws_vpc.network.id
  service_name        = "com.amazonaws.${data.aws_region.current.id}.${each.key}"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = aws_subnet.network_app[*].id # notes 33: an address in each zone
  security_group_ids  = [aws_security_group.network_endpoints.id]
  private_dns_enabled = true # why: clients find the endpoint under the service's usual name

  tags = { Name = "${var.name}-${each.key}" }
}

resource "aws_flow_log" "network" {
  vpc_id          = aws_vpc.network.id
  traffic_type    = "ALL"
  log_destination = aws_cloudwatch_log_group.network_flow_log.arn
  iam_role_arn    = aws_iam_role.network_flow_log.arn

  tags = { Name = var.name }
}

resource "aws_cloudwatch_log_group" "network_flow_log" {
  # checkov:skip=CKV_AWS_158:CloudWatch Logs encrypts by itself; a key of our own would only cost
  name              = "/${var.name}/vpc-flow-log"
  retention_in_days = var.log_retention_days
}

resource "aws_iam_role" "network_flow_log" {
  name = "${var.name}-vpc-flow-log"

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

# Without rules, so that nothing can use the group that AWS makes by itself.
resource "aws_default_security_group" "network" {
  vpc_id = aws_vpc.network.id

  tags = { Name = "${var.name}-unused" }
}

resource "aws_security_group" "network_endpoints" {
  name        = "${var.name}-endpoints"
  description = "Interface endpoints of AWS services"
  vpc_id      = aws_vpc.network.id

  tags = { Name = "${var.name}-endpoints" }
}

resource "aws_vpc_security_group_ingress_rule" "network_endpoints" {
  security_group_id = aws_security_group.network_endpoints.id
  description       = "HTTPS from the VPC"
  cidr_ipv4         = aws_vpc.network.cidr_block
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
