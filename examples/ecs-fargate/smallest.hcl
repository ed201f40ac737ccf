# All that can be left out is left out: a service behind a load balancer.
cdn      = false
waf      = false
database = "none"
cache    = "none"
zones    = 2
target   = "opentofu"
