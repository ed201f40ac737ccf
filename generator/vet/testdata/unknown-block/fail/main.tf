resource "aws_s3_bucket_versioning" "main" {
  bucket = "x"

  versioning_config {
    status = "Enabled"
  }
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"

  tags {
    Name = "x"
  }

  dynamic "lifecycle" {
    for_each = [1]

    content {}
  }

  dynamic "subnet" {
    for_each = [1]

    content {
      cidr = subnet.value
    }
  }
}

variables "name" {}

output "a" "b" {
  value = 1
}

locals {
  inner {
    a = 1
  }
}
