blueprint "wide" {
  version = "1.2.3"
  summary = "A page with a store behind it, described at such length that no terminal shows the whole of it on one line, however wide."
}

option "store" {
  type        = string
  one_of      = ["disk-in-the-same-zone", "disk-in-another-zone", "tape-in-a-vault", "none"]
  default     = "disk-in-the-same-zone"
  description = "Where what is written is kept: on a disk in the zone of the page (disk-in-the-same-zone), on one in another (disk-in-another-zone), or on a tape."
  why         = "a disk is quick, and the zone of the page is where most of what is read was written"
}

option "limits" {
  type        = object({ days = number, tags = list(string), owner = optional(string, "nobody in particular") })
  default     = { days = 30, tags = ["one-tag-that-is-long", "another-tag-that-is-long"] }
  description = "How long what is written is kept."
  notes       = ["tape.a-note-with-a-rather-long-name", "tape.another-note-with-a-name-of-that-length"]
}

option "owner" {
  type        = string
  description = "Who is asked."
}

option "aws_provider" {
  type        = string
  one_of      = ["6"]
  default     = "6"
  description = "Version of the provider."
  why         = "there is one"
}

option "target" {
  type        = string
  one_of      = ["both"]
  default     = "both"
  description = "What applies the module."
  why         = "there is one"
}

option "home" {
  type        = string
  default     = "Europe/Dublin"
  description = "Where the users are."
  why         = "that is where they are"
}

variable "name" {
  type        = string
  description = "Name of everything."
}

component "page" {
  template = "page"
  with     = { name = var.name, store = component.store.id }
}

component "store" {
  template = "store"
  file     = "where-everything-is-kept.tf"
  when     = option.store != "none" || contains(["disk-in-another-zone", "tape-in-a-vault"], option.store)
}

profile "prd" {
  description = "Where it counts."
  options     = { store = "tape-in-a-vault" }
}

output "url" {
  value       = component.page.url
  description = "Address of the page, under which those who were told of it can read what was written."
}

example {
  values = { name = "example" }
}
