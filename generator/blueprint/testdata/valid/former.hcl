blueprint "x" {
  version = "2.0.0"
}

option "database" {
  type    = string
  one_of  = ["aurora-mysql", "mysql"]
  default = "mysql"
  why     = "test"
  was     = [{ name = "db", values = { aurora = "aurora-mysql" } }, { name = "database", values = { aurora = "aurora-mysql" } }, "engine"]
}

variable "name" {
  type        = string
  description = "Name."
  was         = "title"
}

component "app" {
  template = "t"
  was      = ["service", { name = "app", prefix = "web" }]
}

output "id" {
  value = component.app.id
  was   = ["app_id"]
}
