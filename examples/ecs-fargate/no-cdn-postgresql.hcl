# Without CloudFront and for version 5 of the provider: the load balancer faces
# the internet behind a web ACL of its own, tasks go out through NAT gateways, and
# the data stands in Aurora PostgreSQL and Valkey.
cdn          = false
outbound     = "nat-gateway"
database     = "aurora-postgresql"
cache        = "valkey"
zones        = 2
aws_provider = "5"
