variable "cidr" {
  type    = string
  default = "10.0.0.0/16"
}

locals {
  name = "x"
}

data "aws_caller_identity" "current" {}

resource "aws_vpc" "main" {
  cidr_block           = var.cidrs
  instance_tenancy     = default
  enable_dns_hostnames = local.cidr
  enable_dns_support   = var.name

  tags = {
    Name    = name
    Account = data.aws_caller_identity.curent.account_id
    Region  = data.aws_region
    Work    = terraform.workspaces
    Path    = path.modul
    Zone    = [for z in ["a"] : zone][0]
    Used    = "${local.name}${var.cidr}${data.aws_caller_identity.current.id}"
    Var     = var
  }
}

resource "aws_subnet" "main" {
  vpc_id     = aws_vpc.mian.id
  cidr_block = module.network.cidr

  depends_on = [aws_internet_gateway.main, aws_vpcs.main]
}
