# One module for each service in each environment, from one blueprint.

locals {
  pairs = { for p in setproduct(keys(var.services), keys(var.environments)) : join("-", p) => { service = p[0], environment = p[1] } }

  # A null is an option that is not given.
  options = { for name, p in local.pairs : name => merge(var.services[p.service], var.environments[p.environment]) }

  # Each module has a range of its own, in the order of the names.
  cidrs = { for name in keys(local.pairs) : name => cidrsubnet(var.network, 7, index(keys(local.pairs), name)) }
}

# The files, on the disk. Edits by hand show as drift, and are never overwritten.
resource "bpgen_module" "service" {
  for_each = local.options

  path      = "modules/${each.key}"
  blueprint = "ecs-fargate"
  options   = each.value
}

# What is to be known of a module without reading its files.
data "bpgen_ecs_fargate" "service" {
  for_each = local.options

  cdn             = each.value.cdn
  database        = each.value.database
  cache           = each.value.cache
  scheduled_tasks = each.value.scheduled_tasks
  zones           = each.value.zones
  alarms          = each.value.alarms
  pipeline        = each.value.pipeline

  name     = each.key
  vpc_cidr = local.cidrs[each.key]
}
