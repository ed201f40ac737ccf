module "network" {
  source   = "./modules/network"
  for_each = toset(["a", "b"])

  cidr = "10.0.0.0/16"
  name = each.key
}

module "remote" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "6.6.0"

  anything = module.network["a"].vpc_id
}

output "ids" {
  value = [for n in module.network : n.vpc_id]
}
