# Without options nothing is rendered: only what the blueprint offers.
data "bpgen_blueprint" "offered" {
  name = "ecs-fargate"
}

output "databases" {
  value = data.bpgen_blueprint.offered.offered.database.one_of
}

# With options, `{}` for all defaults, the module is rendered, too.
data "bpgen_blueprint" "web" {
  name    = "ecs-fargate"
  options = { cdn = false, database = "none" }
}

output "files" {
  value = keys(data.bpgen_blueprint.web.files)
}
