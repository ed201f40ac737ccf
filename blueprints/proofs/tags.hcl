proof "tags.name" {
  every "aws_vpc" {
    tags = { Name = "example" }
  }

  every "aws_subnet" {
    tags = { Name = prefix("example-") }
  }

  every "aws_route_table" {
    tags = { Name = prefix("example-") }
  }
}

# Tags of all resources are set in the provider, which the caller configures.
proof "tags.environment" {
  file "examples/complete/main.tf" {
    matches = "default_tags \\{\n +tags = \\{[^}]*Environment"
  }
}

proof "tags.user" {
  file "examples/complete/main.tf" {
    matches = "default_tags \\{\n +tags = \\{[^}]*User"
  }
}
