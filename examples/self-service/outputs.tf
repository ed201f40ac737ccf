output "folders" {
  description = "Where each module lies, with the blueprint's version that it was rendered from."
  value       = { for name, m in bpgen_module.service : name => "${m.path} (${m.blueprint} ${m.version})" }
}

output "required" {
  description = "Variables that whoever uses the module must still give."
  value = {
    for name, d in data.bpgen_ecs_fargate.service : name => [for v, about in d.variables : v if about.required && v != "name"]
  }
}

output "tfvars" {
  description = "Values that are decided here, as a terraform.tfvars beside the module."
  value       = { for name, d in data.bpgen_ecs_fargate.service : name => d.tfvars }
}

output "subnets" {
  description = "Addresses that each module will give to its subnets."
  value       = { for name, options in local.options : name => provider::bpgen::cidr_plan(local.cidrs[name], { zones = options.zones }) }
}

output "findings" {
  description = "What bpgen vet has against the modules: nothing."
  value       = { for name, d in data.bpgen_ecs_fargate.service : name => provider::bpgen::vet(d.files) }
}
