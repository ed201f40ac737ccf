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

output {
  value = 1
}

# What stands in the wrong form is not missing, too.
resource "aws_iam_role" "block" {
  assume_role_policy {
    version = "2012-10-17"
  }
}

resource "aws_iam_role" "dynamic" {
  dynamic "assume_role_policy" {
    for_each = ["2012-10-17"]

    content {}
  }
}
