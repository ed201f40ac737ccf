# dev: Small, cheap and easy to throw away.
# Use: tofu plan -var-file=envs/dev.tfvars
# Also needed: domain_name, image_tag, hosted_zone_id, load_balancer_ingress_cidr_blocks.

name                = "example-dev"                     # why: names are unique in an account, and two environments may share one
deletion_protection = false                             # why: development environments are short-lived
disposable          = true                              # why: nothing in it is worth keeping
log_retention_days  = 30                                # why: enough to look back a week
service_scaling     = { desired = 1, min = 1, max = 2 } # why: one task is enough for development
