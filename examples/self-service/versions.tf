terraform {
  required_version = ">= 1.11"

  required_providers {
    bpgen = {
      source  = "bpgen/bpgen"
      version = ">= 0.1.0"
    }
  }
}
