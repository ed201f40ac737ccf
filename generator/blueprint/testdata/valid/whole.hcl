blueprint "x" {
  version = "1.2.3-rc.1"
  summary = "All there is."
  systems = ["aurora", "alb"]
}

option "plain" {
  type = bool
}

option "sizes" {
  type = object({
    days = optional(number, 7)
    tags = optional(list(string))
  })
  one_of      = [{}, { days = 14 }]
  default     = { days = 7 }
  description = "Sizes."
  notes       = ["aurora.engine-choice"]
  why         = "it is enough"

  validation {
    condition     = option.sizes.days > 1
    error_message = "More than a day."
  }
}

option "nothing" {
  type    = string
  default = null
}

validation {
  condition     = option.plain || option.sizes.days == 7
  error_message = "A message with ${option.sizes.days}."
}

variable "name" {
  type        = string
  description = "Name."
  default     = "x" # why: example
  nullable    = false
  sensitive   = true
  ephemeral   = false

  validation {
    condition     = length(var.name) > 0
    error_message = "A name."
  }
}

component "plain" {
  template = "t"
}

component "rich-one" {
  template = "t"
  file     = "area.tf"
  prefix   = ""
  when     = option.plain
  with = {
    name     = var.name
    "quoted" = component.plain.id
  }
  expose = { days = "days", hours = "the_hours" }
}

output "id" {
  value       = component.plain.id
  when        = option.plain
  description = "Id."
  sensitive   = true
}

profile "prd" {
  description = "Production."
  options     = { plain = true, sizes = { days = 14 } }
  values = {
    name = "prd" # why: behind
    # why: above
    # and on two lines
    days = 3
    text = "a # in a string"

    # why: a paragraph away

    none = null
    block = {
      a = 1
    } # notes: aurora.engine-choice behind the end
  }
}

profile "dev" {}

deviation "free words here" {
  notes    = ["alb.subnets"]
  when     = option.plain
  rendered = "This."
  reason   = "Because."
  restore  = "So."
}

deviation "of a profile" {
  notes   = ["alb.subnets", "alb.listener"]
  profile = "prd"
  reason  = "Because of users."
  restore = "So."
}

example {
  values = { name = "example" }
}
