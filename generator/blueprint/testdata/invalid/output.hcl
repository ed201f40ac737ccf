blueprint "x" {
  version = "1.0.0"
}

output "a" {}

output "b" {
  value     = 1
  sensitive = "yes"
}
