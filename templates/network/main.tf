resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_support   = true
  enable_dns_hostnames = true # why: private DNS names of VPC endpoints need both

  tags = { Name = var.name } # notes: tags.name what has no name of its own gets this tag
}

data "aws_availability_zones" "available" {
  # checkov:skip=CKV_AWS_394:the subnets ignore a zone that AWS adds
  state = "available"

  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"] # why: leaves out local and wavelength zones
  }
}

data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

# Sizes follow the VPC's: with a /23 an app subnet is a /26, a public one a
# /27 and a datastore one a /28; with a /16 they are a /23, a /24 and a /25.
# Room for three zones is always set aside, so adding one moves no subnet.
# notes: vpc.subnet-prefix-for-vpc-23, vpc.subnet-prefix-for-vpc-16, vpc.subnet-sizes most addresses for the app, fewest for data
locals {
  prefix         = tonumber(split("/", var.cidr)[1])
  app_bits       = max(23, min(27, local.prefix + 3)) - local.prefix
  public_bits    = max(24, min(27, local.prefix + 4)) - local.prefix
  datastore_bits = max(25, min(28, local.prefix + 5)) - local.prefix

  subnet_cidrs = zipmap(["app", "public", "datastore"], chunklist(cidrsubnets(var.cidr,
    local.app_bits, local.app_bits, local.app_bits,
    local.public_bits, local.public_bits, local.public_bits,
    local.datastore_bits, local.datastore_bits, local.datastore_bits,
  ), 3))
}

resource "aws_subnet" "public" {
  count = var.zones

  vpc_id                  = aws_vpc.this.id
  cidr_block              = local.subnet_cidrs.public[count.index]
  availability_zone       = data.aws_availability_zones.available.names[count.index]
  map_public_ip_on_launch = false # why: load balancers and NAT gateways bring their own addresses

  tags = { Name = "${var.name}-public-${count.index + 1}" }

  lifecycle {
    ignore_changes = [availability_zone] # why: a zone that AWS adds shifts the list, and must not replace subnets
  }
}

resource "aws_subnet" "app" {
  count = var.zones

  vpc_id            = aws_vpc.this.id
  cidr_block        = local.subnet_cidrs.app[count.index]
  availability_zone = data.aws_availability_zones.available.names[count.index]

  tags = { Name = "${var.name}-app-${count.index + 1}" }

  lifecycle {
    ignore_changes = [availability_zone]
  }
}

resource "aws_subnet" "datastore" {
  count = var.zones

  vpc_id            = aws_vpc.this.id
  cidr_block        = local.subnet_cidrs.datastore[count.index]
  availability_zone = data.aws_availability_zones.available.names[count.index]

  tags = { Name = "${var.name}-datastore-${count.index + 1}" }

  lifecycle {
    ignore_changes = [availability_zone]
  }
}

resource "aws_internet_gateway" "this" {
  vpc_id = aws_vpc.this.id # notes: vpc.internet-gateway-on-vpc attached to the VPC, used by the public subnets

  tags = { Name = var.name }
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.this.id

  tags = { Name = "${var.name}-public" }
}

resource "aws_route" "public_internet" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.this.id # notes: vpc.public-subnet-direct-requests only these subnets are reached from outside
}

resource "aws_route_table_association" "public" {
  count = var.zones

  route_table_id = aws_route_table.public.id
  subnet_id      = aws_subnet.public[count.index].id
}

# One for each zone even without NAT, so that NAT can come later without
# taking the route table of a running service away.
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

resource "aws_eip" "nat" {
  count = var.nat_gateway ? var.zones : 0

  domain = "vpc"

  tags = { Name = "${var.name}-nat-${count.index + 1}" }

  depends_on = [aws_internet_gateway.this]
}

# One for each zone: the loss of a zone leaves the others their way out.
resource "aws_nat_gateway" "this" {
  count = var.nat_gateway ? var.zones : 0

  allocation_id = aws_eip.nat[count.index].id
  subnet_id     = aws_subnet.public[count.index].id # notes: vpc.nat-gateway-in-public-subnet, vpc.public-subnet-holds-nat it needs the way to the internet itself

  tags = { Name = "${var.name}-${count.index + 1}" }
}

resource "aws_route" "app_nat" {
  count = var.nat_gateway ? var.zones : 0

  route_table_id         = aws_route_table.app[count.index].id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.this[count.index].id # notes: vpc.private-subnet-via-nat out, and nobody comes in
}

# notes: vpc.route-table-local-only no route out: databases neither call out nor are called
resource "aws_route_table" "datastore" {
  vpc_id = aws_vpc.this.id

  tags = { Name = "${var.name}-datastore" }
}

resource "aws_route_table_association" "datastore" {
  count = var.zones

  route_table_id = aws_route_table.datastore.id
  subnet_id      = aws_subnet.datastore[count.index].id
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.${data.aws_region.current.id}.s3" # notes: ecs-fargate.vpc-endpoint-s3 ECR keeps image layers in S3
  vpc_endpoint_type = "Gateway"                                        # notes: vpc-endpoint.type the one for S3, and free
  route_table_ids   = aws_route_table.app[*].id                        # notes: vpc-endpoint.gateway-by-route-table it works by their routes

  tags = { Name = "${var.name}-s3" }
}

resource "aws_vpc_endpoint" "interface" {
  # notes: ecs-fargate.vpc-endpoint-set every AWS service that private tasks call
  for_each = var.vpc_endpoints ? toset([
    "ecr.api", # notes: ecs-fargate.vpc-endpoint-ecr-api image manifests
    "ecr.dkr", # notes: ecs-fargate.vpc-endpoint-ecr-dkr image pulls
    "logs",    # notes: ecs-fargate.vpc-endpoint-logs container logs
    "ssm",     # notes: ecs-fargate.vpc-endpoint-ssm Parameter Store
    # bpgen:if var.secrets_endpoint
    "secretsmanager", # why: the application reads the database password there
    # bpgen:if var.shell_endpoint
    "ssmmessages", # notes: ecs-fargate.exec-ssmmessages-endpoint a shell in a container
  ]) : toset([])

  vpc_id              = aws_vpc.this.id
  service_name        = "com.amazonaws.${data.aws_region.current.id}.${each.key}"
  vpc_endpoint_type   = "Interface"
  subnet_ids          = aws_subnet.app[*].id # notes: vpc-endpoint.interface-is-eni an address in each zone
  security_group_ids  = [aws_security_group.endpoints[0].id]
  private_dns_enabled = true # why: clients find the endpoint under the service's usual name

  tags = { Name = "${var.name}-${each.key}" }
}

resource "aws_flow_log" "this" {
  vpc_id          = aws_vpc.this.id
  traffic_type    = "ALL"
  log_destination = aws_cloudwatch_log_group.flow_log.arn
  iam_role_arn    = aws_iam_role.flow_log.arn

  tags = { Name = var.name }
}

# trivy:ignore:AWS-0017 CloudWatch Logs encrypts by itself; a key of our own would only cost
resource "aws_cloudwatch_log_group" "flow_log" {
  # checkov:skip=CKV_AWS_158:CloudWatch Logs encrypts by itself; a key of our own would only cost
  name              = "/${var.name}/vpc-flow-log"
  retention_in_days = var.flow_log_retention_days
}

resource "aws_iam_role" "flow_log" {
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

# Without rules, so that nothing can use the group that AWS makes by itself.
resource "aws_default_security_group" "this" {
  vpc_id = aws_vpc.this.id

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
