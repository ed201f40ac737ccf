resource "aws_subnet" "main" {
  cidr_block = "10.0.0.0/24"
}

resource "aws_iam_role" "main" {
  assume_role_policy = null
}

resource "aws_lb" "main" {
  access_logs {
    enabled = true
  }

  dynamic "subnet_mapping" {
    content {}
  }
}

variable "zones" {
  type    = number
  default = 2

  validation {
    condition = var.zones > 1
  }
}

output "zones" {
  description = "The zones."
}
