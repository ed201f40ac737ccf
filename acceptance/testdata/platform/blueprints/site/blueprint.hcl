blueprint "site" {
  version = "0.3.0"
  summary = "A page with a store behind it, made of nothing."
}

option "store" {
  type        = string
  one_of      = ["disk", "tape", "none"]
  default     = "disk"
  description = "Where the page keeps its data."
  why         = "a disk is quick"
}

option "mirror" {
  type        = bool
  default     = false
  description = "Keep a second store."
  why         = "one store is cheaper"

  validation {
    condition     = !option.mirror || option.store != "none"
    error_message = "Without a store there is nothing to mirror."
  }
}

option "limits" {
  type = object({
    days = number
    tags = list(string)
  })
  default     = { days = 7, tags = [] }
  description = "How long and under which tags data is kept."
  why         = "a week is enough for a page"
}

variable "name" {
  type        = string
  description = "Name of everything."
}

component "store" {
  template = "store"
  when     = option.store != "none"
  with = {
    name   = var.name
    kind   = option.store
    mirror = option.mirror
    days   = option.limits.days
    tags   = option.limits.tags
  }
}

component "page" {
  template = "page"
  with = {
    name     = var.name
    store_id = option.store == "none" ? null : component.store.id
  }
}

output "page" {
  value       = component.page.text
  description = "What the page says."
}

profile "prd" {
  description = "Production."
  options     = { mirror = true }
  values      = { name = "prd" }
}

example {
  values = { name = "example" }
}
