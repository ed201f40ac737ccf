terraform {
  required_version = ">= 1.11.0"
}

module "plain" {
  source = "../.."

  size = 3
}

output "plain" {
  description = "All outputs of the module."
  value       = module.plain
}
