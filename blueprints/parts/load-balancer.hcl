part "load-balancer" {
  summary = "The load balancer in front of the application, and how it distributes requests."

  # Needs the parts domain, edge, network and operations. The blueprint declares the variables name and deletion_protection.

  parameter "target_port" {
    description = "Port that the application listens on."
  }

  parameter "deployment" {
    description = "How a new version replaces the old one: rolling, blue-green or codedeploy."
    default     = "rolling"
  }

  parameter "test_client" {
    description = "Whether people test a new version through a target."
    default     = false
  }

  parameter "test_client_security_group_id" {
    description = "Security group of the targets, for test_client."
    default     = null
  }
}

option "load_balancing" {
  type        = string
  one_of      = ["round_robin", "least_outstanding_requests", "weighted_random"]
  default     = "round_robin"
  description = "How the load balancer distributes requests: evenly, to the task with the fewest outstanding requests, or at random and away from anomalous tasks."
  why         = "web page requests are short and alike"
}

option "sticky_sessions" {
  type        = bool
  default     = false
  description = "Keep each user on the same task for a day, for applications that store sessions in the task."
  why         = "sessions belong in the cache, where they outlive a task"
}

component "load_balancer" {
  template = "load-balancer"
  file     = "load-balancer.tf"
  with = {
    name                = var.name
    vpc_id              = component.network.vpc_id
    subnet_ids          = option.cdn && option.origin == "vpc-origin" ? component.network.app_subnet_ids : component.network.public_subnet_ids
    internal            = option.cdn && option.origin == "vpc-origin"
    cloudfront_only     = option.origin == "prefix-list"
    ipv6                = option.ipv6
    cloudfront_secrets  = var.origin_secrets
    certificate_arn     = component.certificate.arn
    log_bucket          = component.logs.bucket_id
    target_port         = part.target_port
    deployment          = part.deployment
    deletion_protection = var.deletion_protection

    test_through_tasks     = part.test_client
    task_security_group_id = part.test_client_security_group_id

    load_balancing_algorithm = option.load_balancing
    sticky_sessions          = option.sticky_sessions
  }
}

# Tasks are in one target group or the other.
component "healthy_targets" {
  template = "healthy-targets"
  file     = "monitoring.tf"
  prefix   = "monitoring"
  when     = option.alarms && part.deployment != "rolling"
  with = {
    name                          = var.name
    description                   = "What it means and what to do: runbooks/monitoring-alarms.md"
    topic_arn                     = component.alarm_topic.arn
    load_balancer_arn_suffix      = component.load_balancer.arn_suffix
    target_group_arn_suffix       = component.load_balancer.target_group_arn_suffix
    green_target_group_arn_suffix = component.load_balancer.green_target_group_arn_suffix
  }
}

output "test_listener" {
  description = "Host and port of the test listener, which shows a new version before users see it."
  value       = component.load_balancer.test_address
  when        = part.deployment != "rolling"
}

output "load_balancer" {
  description = "The load balancer, for modules that add targets, or something in front of it."
  value = {
    arn               = component.load_balancer.arn
    dns_name          = component.load_balancer.dns_name
    zone_id           = component.load_balancer.zone_id
    security_group_id = component.load_balancer.security_group_id
    listener_arn      = component.load_balancer.listener_arn
  }
}
