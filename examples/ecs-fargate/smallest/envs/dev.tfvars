# dev: Small, cheap and easy to throw away.
# Use: tofu plan -var-file=envs/dev.tfvars
# Needed besides: name, domain_name, hosted_zone_id, image_tag.

deletion_protection = false                             # why: development is made and thrown away
log_retention_days  = 30                                # why: enough to look into last week
service_scaling     = { desired = 1, min = 1, max = 2 } # why: nobody waits for one developer's task
