resource "bpgen_module" "web" {
  path      = "modules/web"
  blueprint = "ecs-fargate"
  options = {
    cdn      = true
    database = "aurora-mysql"
  }
}

output "files" {
  value = keys(bpgen_module.web.files)
}
