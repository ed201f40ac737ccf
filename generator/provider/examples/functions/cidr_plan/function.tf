output "subnets" {
  value = provider::bpgen::cidr_plan("10.200.48.0/23")
}

# Two zones, next to an existing network.
output "beside" {
  value = provider::bpgen::cidr_plan("10.200.48.0/23", { zones = 2, other_cidrs = ["10.200.46.0/23"] })
}
