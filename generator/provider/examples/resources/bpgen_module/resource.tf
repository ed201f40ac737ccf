resource "bpgen_module" "web" {
  path      = "modules/web"
  blueprint = "ecs-fargate"
  options = {
    cdn      = false
    database = "aurora-postgresql"
  }
}

output "files" {
  value = keys(bpgen_module.web.files)
}
