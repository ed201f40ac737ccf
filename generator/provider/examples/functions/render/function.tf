locals {
  module = provider::bpgen::render("ecs-fargate", { cdn = false })
  nested = provider::bpgen::render("ecs-fargate", {}, { profile = "prd", layout = "nested" })
}

output "network" {
  value = local.module.files["network.tf"]
}

output "outputs" {
  value = keys(local.nested.outputs)
}
