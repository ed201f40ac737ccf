resource "terraform_data" "this" {
  input = {
    name = var.name
    kind = var.kind
    days = var.days
    tags = var.tags
  }
}

resource "terraform_data" "mirror" {
  count = var.mirror ? 1 : 0

  input = terraform_data.this.id
}
