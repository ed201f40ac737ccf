# How many combinations of options are scanned: the default and those that hold most of the pairs of values.
rows = 16

# Checks of high or critical severity that a comment may skip. Everywhere else such a finding is to be mended.
grave = {
  AWS-0011 = "a distribution without a web ACL: only with waf = false, which has to be chosen"
  AWS-0053 = "a load balancer on the internet: only with cdn = false, where users reach it, or origin = \"prefix-list\", where it admits CloudFront alone"
  AWS-0104 = "egress to any address: only with a NAT gateway, which is there for services whose addresses change, and only TCP 443"
  AWS-0132 = "buckets without a key of our own: load balancers write their logs to no other, and static files are public"
}
