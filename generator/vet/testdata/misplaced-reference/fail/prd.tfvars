upper = var.name
