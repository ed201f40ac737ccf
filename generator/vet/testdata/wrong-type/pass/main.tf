variable "subnets" {
  type = list(object({ id = string, zone = optional(string, "a") }))
  default = [
    { id = "subnet-1" },
    { id = "subnet-2", zone = "b" },
  ]
}

resource "aws_lb" "main" {
  name                       = 12
  enable_deletion_protection = "true"
  idle_timeout               = "60"
  subnets                    = [for s in var.subnets : s.id]
  security_groups            = toset(["sg-1"])
  tags                       = { Name = "x", Port = 80, Any = null }
}

resource "aws_subnet" "main" {
  for_each = { for i, s in var.subnets : s.id => i }

  vpc_id     = try(aws_lb.main.vpc_id, null)
  cidr_block = cidrsubnet("10.0.0.0/16", 8, each.value)
}
