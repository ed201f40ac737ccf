# dev: Small, cheap and easy to throw away.
# Use: tofu plan -var-file=envs/dev.tfvars
# Needed besides: domain_name, hosted_zone_id, image_tag.

name                = "example-dev"                     # why: names are taken once in an account, and two environments may share one
deletion_protection = false                             # why: development is made and thrown away
disposable          = true                              # why: nothing in it is worth keeping
log_retention_days  = 30                                # why: enough to look into last week
service_scaling     = { desired = 1, min = 1, max = 2 } # why: nobody waits for one developer's task
