resource "terraform_data" "this" {
  input = var.store_id == null ? "${var.name}: empty" : "${var.name}: ${var.store_id} (${var.language})"
}
