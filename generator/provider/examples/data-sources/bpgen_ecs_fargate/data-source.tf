data "bpgen_ecs_fargate" "web" {
  cdn      = true
  database = "aurora-mysql"
  name     = "web"
}

output "cdn" {
  value = data.bpgen_ecs_fargate.web.files["cdn.tf"]
}

# The variables left to the users of the module.
output "required" {
  value = sort([for name, v in data.bpgen_ecs_fargate.web.variables : name if v.required])
}
