blueprint "x" {
  version = "2.0.0"
}

option "database" {
  type    = string
  one_of  = ["aurora-mysql", "mysql"]
  default = "mysql"
  why     = "test"
  was     = { name = "db", values = { aurora = "aurora-postgresql", plain = true } }
}

option "cache" {
  type    = bool
  default = false
  why     = "test"
  was     = ["db", "home", "cache"]
}

option "size" {
  type    = string
  one_of  = ["small", "large"]
  default = "small"
  why     = "test"
  was     = { name = "size", values = { small = "large", tiny = "small" } }
}

variable "name" {
  type        = string
  description = "Name."
  was         = ["title", "count me"]
}

variable "title" {
  type        = string
  description = "Title."
  was         = { name = "heading" }
}

component "app" {
  template = "t"
  was      = ["app", "service", "service", { name = "app", prefix = "web" }]
}

component "old" {
  template = "t"
  was      = 5
}

component "new" {
  template = "t"
  was      = [{ prefix = "n" }, { name = "next", prefix = "1" }, { name = "old", values = {} }, "old"]
}

output "id" {
  value = component.app.id
  was   = option.size
}
