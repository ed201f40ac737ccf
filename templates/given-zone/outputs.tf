output "zone_id" {
  description = "ID of the hosted zone."
  value       = var.id
}
