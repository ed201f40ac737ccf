# One set of options per environment: the blueprint's profiles, and what departs from them.
data "bpgen_ecs_fargate" "web" {
  for_each = toset(["dev", "prd"])
  profile  = each.key
  cache    = "none"
}

output "diagrams" {
  value = { for environment, module in data.bpgen_ecs_fargate.web : environment => module.diagram }
}
