resource "aws_lb" "main" {
  name               = "x"
  load_balancer_typ  = "application"
  subnets            = ["subnet-1", "subnet-2"]
  something_unlikely = true

  access_logs {
    bucket = "logs"
    enable = true
  }

  dynamic "subnet_mapping" {
    for_each = ["subnet-1"]
    iterate  = "x"

    content {
      subnet = subnet_mapping.value
    }
  }

  lifecycle {
    prevent_destruction = true
    ignore_changes      = [tag]
  }
}

resource "aws_s3_bucket" "main" {
  bucket    = "x"
  logging   = { target_bucket = "logs" }
  providers = aws
}

provider "aws" {
  regions = ["us-east-1"]
}

variable "name" {
  typ = string
}

output "name" {
  value = var.name
  desc  = "The name."
}

name = "x"
