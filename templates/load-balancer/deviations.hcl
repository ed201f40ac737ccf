deviation "load-balancer-not-public" {
  notes    = ["security-group.alb-source", "security-group.alb-http", "security-group.alb-https"]
  when     = var.internal
  rendered = "The load balancer is internal and CloudFront reaches it through a VPC origin."
  reason   = "A load balancer open to 0.0.0.0/0 can be reached without CloudFront and its WAF; VPC origins did not exist when the notes were written."
  restore  = "Render with origin = \"prefix-list\", set cidr_ipv4 = \"0.0.0.0/0\" in the ingress rule of the load balancer, and let the listener forward every request."
}

deviation "load-balancer-for-cloudfront-only" {
  notes    = ["security-group.alb-source", "security-group.alb-http", "security-group.alb-https"]
  when     = var.cloudfront_only
  rendered = "The load balancer accepts only CloudFront's addresses, and only requests with a secret header."
  reason   = "A load balancer open to 0.0.0.0/0 can be reached without CloudFront and its WAF."
  restore  = "Set cidr_ipv4 = \"0.0.0.0/0\" in the ingress rule of the load balancer, and let the listener forward every request."
}

deviation "targets-by-private-address" {
  notes    = ["alb.target-type-ip-static"]
  rendered = "Targets are private addresses that ECS registers and removes."
  reason   = "A load balancer refuses public addresses as targets, and those of tasks change with every deployment."
  restore  = "Nothing to restore: the notes' value does not work."
}
