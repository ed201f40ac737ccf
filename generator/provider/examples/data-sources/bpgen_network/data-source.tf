data "bpgen_network" "shared" {
  containers = true
  name       = "shared"
}

output "network" {
  value = data.bpgen_network.shared.files["network.tf"]
}

# The variables left to the users of the module.
output "required" {
  value = sort([for name, v in data.bpgen_network.shared.variables : name if v.required])
}
