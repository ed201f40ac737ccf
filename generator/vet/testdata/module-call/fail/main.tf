module "network" {
  source = "./modules/network"

  cidr_block = "10.0.0.0/16"
}

module "gone" {
  source = "./modules/netwrok"
}

module "twice" {
  source = "./modules/network"
  count  = 2

  cidr = ["10.0.0.0/16"]
}

output "ids" {
  value = [module.network.id, module.network.vpc_id, module.twice.vpc_id, module.twice[0].vpc_id, module.network.vpc_id.x, module.network.vpc.arns]
}

module "circle" {
  source = "./modules/circle"
}
