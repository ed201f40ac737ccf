terraform {
  required_version = ">= 1.11.0"
}

module "plain" {
  source = "../.."

  size = 3
}

output "plain" {
  value = module.plain
}
