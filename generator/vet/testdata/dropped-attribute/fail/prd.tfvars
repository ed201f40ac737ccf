network = {
  cidr   = "10.1.0.0/16"
  region = "us-east-1"
}
