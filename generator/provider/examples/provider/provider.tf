terraform {
  required_providers {
    bpgen = {
      source  = "bpgen/bpgen"
      version = "~> 0.1"
    }
  }
}

provider "bpgen" {
  strict = true # a warning about a rendered module is an error
}
