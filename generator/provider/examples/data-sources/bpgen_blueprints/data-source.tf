data "bpgen_blueprints" "all" {}

output "summaries" {
  value = { for name, blueprint in data.bpgen_blueprints.all.blueprints : name => blueprint.summary }
}
