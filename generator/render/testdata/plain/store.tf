resource "terraform_data" "store" {
  input = var.size
}
