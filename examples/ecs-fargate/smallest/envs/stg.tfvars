# stg: Like production, but smaller.
# Use: tofu plan -var-file=envs/stg.tfvars
# Also needed: domain_name, image_tag, hosted_zone_id, load_balancer_ingress_cidr_blocks.

name                = "example-stg"                     # why: names are unique in an account, and two environments may share one
deletion_protection = true                              # notes aurora.deletion-protection: on, because deleting the cluster deletes its volume
log_retention_days  = 90                                # why: covers the tests of several releases
service_scaling     = { desired = 2, min = 2, max = 4 } # why: shows what breaks with more than one task
