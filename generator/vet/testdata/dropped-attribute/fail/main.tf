variable "network" {
  type    = object({ cidr = string, zones = optional(number, 2) })
  default = { cidr = "10.0.0.0/16", zone = 3 }
}

resource "aws_vpc" "main" {
  cidr_block = var.network.cidr
  tags       = { Zones = var.network.zones }
}
