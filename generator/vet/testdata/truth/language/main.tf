# What the language itself offers, with the builtin provider alone.
terraform {
  required_version = ">= 1.11"
}

variable "name" {
  type     = string
  default  = "x"
  nullable = false

  validation {
    condition     = length(var.name) <= var.settings.limit
    error_message = "The name is longer than ${var.settings.limit} characters."
  }
}

variable "settings" {
  type = object({
    limit = optional(number, 20)
    tags  = optional(map(string), {})
    parts = optional(list(object({ name = string, size = optional(number) })), [])
    pair  = optional(tuple([string, number]), ["a", 1])
    any   = optional(any)
  })
  default = { parts = [{ name = "a" }, { name = "b", size = 3 }] }
}

variable "unconstrained" {
  default = null
}

variable "switch" {
  type        = bool
  default     = true
  description = "Makes one or none."
  sensitive   = false
}

locals {
  names   = [for i, p in var.settings.parts : "${i}-${p.name}" if p.size != null]
  by_name = { for p in var.settings.parts : p.name => p... }
  sizes   = { for p in var.settings.parts : p.name => coalesce(p.size, 1) }
  total   = sum(concat([0], values(local.sizes)))
  first   = try(var.settings.parts[0].name, local.names[0], "none")
  legacy  = var.settings.parts.*.name
  splat   = var.settings.parts[*].size
  pair    = "${var.settings.pair[0]}-${var.settings.pair[1]}"
  merged  = merge(var.settings.tags, { Name = var.name }, var.unconstrained == null ? {} : { Any = "yes" })
  nested  = { a = { b = [{ c = 1 }] } }
  picked  = local.nested.a.b[0].c + local.nested["a"]["b"][0]["c"]
  flag    = !var.switch && (local.total >= 2 || alltrue([for n in local.names : n != ""]))
  text    = <<-EOT
    %{for n in local.names~}
    ${n} %{if var.switch}on%{else}off%{endif}
    %{endfor~}
  EOT
  matrix = flatten([
    for k, v in local.sizes : [
      for n in range(v) : { key = "${k}/${n}", n = n }
    ]
  ])
}

data "terraform_remote_state" "other" {
  backend = "local"
  config  = { path = "${path.module}/other.tfstate" }
}

resource "terraform_data" "one" {
  count = var.switch ? 1 : 0

  input            = [local.first, local.text, local.legacy, local.splat, local.pair, local.picked, local.flag]
  triggers_replace = { m = local.merged, g = local.by_name, r = data.terraform_remote_state.other.outputs.id }

  lifecycle {
    precondition {
      condition     = local.total > 0
      error_message = "Nothing to do."
    }

    postcondition {
      condition     = self.output != null && self.id != ""
      error_message = "Nothing done in ${terraform.workspace}."
    }
  }

  provisioner "local-exec" {
    when       = destroy
    on_failure = continue
    command    = "echo ${self.id}"
  }
}

resource "terraform_data" "many" {
  for_each = { for m in local.matrix : m.key => m }

  input      = "${each.key}-${each.value.n}"
  depends_on = [terraform_data.one, module.child]

  lifecycle {
    replace_triggered_by = [terraform_data.one[0].output]
    ignore_changes       = [input]
  }
}

module "child" {
  source   = "./modules/child"
  for_each = local.sizes

  name = each.key
  size = each.value
}

check "names" {
  data "terraform_remote_state" "checked" {
    backend = "local"
  }

  assert {
    condition     = data.terraform_remote_state.checked.outputs != {} && module.child["a"].label != ""
    error_message = "A label is missing."
  }
}

moved {
  from = terraform_data.old
  to   = terraform_data.one
}

removed {
  from = terraform_data.gone

  lifecycle {
    destroy = false
  }
}

output "one" {
  value = one(terraform_data.one[*].output)
}

output "many" {
  value = { for k, d in terraform_data.many : k => d.id }
}

output "labels" {
  value     = values(module.child)[*].label
  sensitive = true
}

output "details" {
  value = [for c in module.child : c.details.name]

  precondition {
    condition     = length(module.child) > 0
    error_message = "No child."
  }
}
