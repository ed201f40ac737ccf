# Forwards a port to the database, for people who may open a tunnel.
resource "aws_instance" "this" {
  # checkov:skip=CKV_AWS_126:status checks every five minutes are enough for an instance that can be replaced
  ami                         = data.aws_ami.this.id
  instance_type               = "t4g.nano" # why: it only forwards connections
  subnet_id                   = element(var.subnet_ids, 0)
  vpc_security_group_ids      = [aws_security_group.this.id]
  associate_public_ip_address = false # why: Session Manager reaches it without a public address
  iam_instance_profile        = aws_iam_instance_profile.this.name
  ebs_optimized               = true

  metadata_options {
    http_tokens                 = "required" # why: a forged request cannot read the credentials of the role
    http_put_response_hop_limit = 1
  }

  root_block_device {
    volume_type = "gp3"
    encrypted   = true
  }

  tags = { Name = "${var.name}-bastion" } # notes: tags.name resources without a name get this tag

  lifecycle {
    ignore_changes = [ami] # why: a new image must not close open tunnels; the runbook says when to use it
  }

  # The agent registers once, when the instance starts.
  depends_on = [
    aws_iam_role_policy_attachment.this,
    aws_vpc_security_group_egress_rule.endpoints,
    aws_vpc_security_group_egress_rule.internet,
    aws_vpc_security_group_ingress_rule.endpoints,
    var.prerequisites,
  ]
}

# Amazon Linux, which comes with the agent of Session Manager.
data "aws_ami" "this" {
  most_recent = true
  owners      = ["amazon"] # notes: ami.official-vendor only the vendor's images

  filter {
    name   = "name"
    values = ["al2023-ami-2023.*-arm64"]
  }

  filter {
    name   = "root-device-type"
    values = ["ebs"] # notes: ec2.root-device-ebs, ec2.root-device-not-instance-store a volume, not the instance store
  }
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

resource "aws_iam_role" "this" {
  name = "${var.name}-bastion-${data.aws_region.current.id}" # why: role names are global, and the system may run in a second region

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ec2.amazonaws.com" }
      Action    = "sts:AssumeRole"
    }]
  })
}

resource "aws_iam_role_policy_attachment" "this" {
  role       = aws_iam_role.this.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/AmazonSSMManagedInstanceCore" # why: what the agent of Session Manager needs
}

resource "aws_iam_instance_profile" "this" {
  name = aws_iam_role.this.name
  role = aws_iam_role.this.name
}

# For people: a tunnel through this instance, and no shell on it.
resource "aws_iam_policy" "connect" {
  name        = "${var.name}-bastion-connect-${data.aws_region.current.id}"
  description = "Opens a tunnel to the database of ${var.name}."

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Effect = "Allow"
        Action = "ssm:StartSession"
        Resource = [
          "arn:${data.aws_partition.current.partition}:ec2:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:instance/${aws_instance.this.id}",
          "arn:${data.aws_partition.current.partition}:ssm:${data.aws_region.current.id}::document/AWS-StartPortForwardingSessionToRemoteHost",
        ]
        Condition = { BoolIfExists = { "ssm:SessionDocumentAccessCheck" = "true" } } # why: without it a session without a document would open a shell
      },
      {
        Effect   = "Allow"
        Action   = ["ssm:ResumeSession", "ssm:TerminateSession"]
        Resource = "arn:${data.aws_partition.current.partition}:ssm:*:*:session/$${aws:userid}-*" # why: people's own sessions
      },
    ]
  })
}

resource "aws_security_group" "this" {
  name        = "${var.name}-bastion"
  description = "Bastion of ${var.name}"
  vpc_id      = var.vpc_id
}

resource "aws_vpc_security_group_ingress_rule" "database" {
  security_group_id            = var.database_security_group_id
  referenced_security_group_id = aws_security_group.this.id # notes: aurora.bastion-only-access only the bastion, apart from the application
  description                  = "Database access from the bastion"
  ip_protocol                  = "tcp"
  from_port                    = var.port
  to_port                      = var.port
}

resource "aws_vpc_security_group_egress_rule" "database" {
  security_group_id            = aws_security_group.this.id
  referenced_security_group_id = var.database_security_group_id
  description                  = "Access to the database"
  ip_protocol                  = "tcp"
  from_port                    = var.port
  to_port                      = var.port
}

resource "aws_vpc_security_group_egress_rule" "endpoints" {
  count = contains(["vpc-endpoints", "both"], var.outbound) ? 1 : 0

  security_group_id            = aws_security_group.this.id
  description                  = "HTTPS to the VPC endpoints"
  referenced_security_group_id = var.endpoint_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

# The group belongs to the network's owner, the rule to this module.
resource "aws_vpc_security_group_ingress_rule" "endpoints" {
  count = var.given_network && contains(["vpc-endpoints", "both"], var.outbound) ? 1 : 0

  security_group_id            = var.endpoint_security_group_id
  description                  = "HTTPS from the bastion of ${var.name}"
  referenced_security_group_id = aws_security_group.this.id
  ip_protocol                  = "tcp"
  from_port                    = 443
  to_port                      = 443
}

# trivy:ignore:AWS-0104 only TCP 443 is allowed, because the addresses of the services change
resource "aws_vpc_security_group_egress_rule" "internet" {
  count = contains(["nat-gateway", "both"], var.outbound) ? 1 : 0

  security_group_id = aws_security_group.this.id
  description       = "HTTPS to the internet through the NAT gateway"
  cidr_ipv4         = "0.0.0.0/0" # why: the addresses of services change; only HTTPS is allowed
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
