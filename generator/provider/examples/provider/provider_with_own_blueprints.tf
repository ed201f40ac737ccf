# platform/blueprints and platform/templates contain your own blueprints;
# `bpgen blueprint init platform` writes a pair to begin with.
provider "bpgen" {
  blueprint_dirs = ["platform"]
}

data "bpgen_blueprint" "store" {
  name    = "artifact-store"
  options = {}
}

output "files" {
  value = keys(data.bpgen_blueprint.store.files)
}
