terraform {
  required_version = ">= 1.11.0"
}

module "plain" {
  source = "../.."

  size = 3
}

output "size" {
  description = "Size."
  value       = module.plain.size
}
