variable "name" {
  description = "Name of the load balancer, and prefix of related resources."
  type        = string
}

variable "vpc_id" {
  description = "VPC of the load balancer."
  type        = string
}

variable "subnet_ids" {
  description = "Subnets of the load balancer, at least two in different zones: private if it is internal, otherwise public."
  type        = list(string)
}

variable "internal" {
  description = "Make the load balancer internal, reached only by CloudFront through a VPC origin. Otherwise it is on the internet."
  type        = bool
  default     = true # why: an internal load balancer cannot be reached without CloudFront and its WAF
  nullable    = false
}

variable "cloudfront_only" {
  description = "Let a load balancer on the internet accept only CloudFront's addresses, and only requests with a secret header."
  type        = bool
  default     = false # why: an internal one needs no secret, and without CloudFront it is never sent
  nullable    = false
}

variable "cloudfront_secrets" {
  description = "Accepted values of the header X-Origin-Verify, if cloudfront_only is true."
  type        = list(string)
  default     = [] # why: only with cloudfront_only
  sensitive   = true
  nullable    = false
}

variable "certificate_arn" {
  description = "ARN of the validated ACM certificate, in the region of the load balancer."
  type        = string
}

variable "log_bucket" {
  description = "Name of the S3 bucket for the access logs, under alb/. Its policy must already allow that."
  type        = string
}

variable "target_port" {
  description = "Initial port of the targets. Each target is registered with its own port."
  type        = number
  default     = 80 # notes: codedeploy.appspec-container-port port 80
}

variable "deployment" {
  description = "Deployment strategy: rolling, blue-green (by ECS) or codedeploy. The last two have a second target group and a test listener."
  type        = string
  default     = "rolling" # why: needs one target group and no test listener
  nullable    = false

  validation {
    condition     = contains(["rolling", "blue-green", "codedeploy"], var.deployment)
    error_message = "The deployment must be rolling, blue-green or codedeploy."
  }
}

variable "load_balancing_algorithm" {
  description = "Load balancing algorithm: round_robin, least_outstanding_requests or weighted_random."
  type        = string
  default     = "round_robin" # why: requests for web pages are short and alike
  nullable    = false

  validation {
    condition     = contains(["round_robin", "least_outstanding_requests", "weighted_random"], var.load_balancing_algorithm)
    error_message = "The algorithm must be round_robin, least_outstanding_requests or weighted_random."
  }
}

variable "sticky_sessions" {
  description = "Keep each user on the same task for a day, with a load balancer cookie."
  type        = bool
  default     = false # why: sessions belong in the cache, where they outlive a task
  nullable    = false
}

variable "health_check_path" {
  description = "Path that the health check requests."
  type        = string
  default     = "/" # why: every web application responds to it

  validation {
    condition     = startswith(var.health_check_path, "/")
    error_message = "The health check path must start with a slash, for example /health."
  }
}

variable "health_check_codes" {
  description = "HTTP codes of a healthy target: codes, ranges or both, such as 200,301-302."
  type        = string
  default     = "200" # why: a redirect does not prove that an application works
  nullable    = false

  validation {
    condition     = can(regex("^[23][0-9]{2}(-[23][0-9]{2})?(,[23][0-9]{2}(-[23][0-9]{2})?)*$", var.health_check_codes))
    error_message = "The codes must be from 200 to 399, such as 200, 200-299 or 200,302: an error does not indicate health."
  }
}

variable "deletion_protection" {
  description = "Protect the load balancer from deletion."
  type        = bool
  default     = true # why: its loss is an outage; turn it off only to tear down
}

variable "ingress_cidr_blocks" {
  description = "Addresses that may reach a load balancer on the internet, as CIDR blocks: 0.0.0.0/0 and, with IPv6, ::/0 for a public site, the company's addresses, such as 203.0.113.7/32, for an internal one. It has no default, because only the owner of the site knows who its users are."
  type        = list(string)
  nullable    = false

  # notes: alb.sg-public-ingress, alb.sg-in-house-ingress, security-group.alb-without-cloudfront all addresses for a public site, otherwise those of its users
  validation {
    condition     = alltrue([for block in var.ingress_cidr_blocks : can(cidrnetmask(block)) || var.ipv6 && strcontains(block, ":") && can(cidrhost(block, 0))]) && length(var.ingress_cidr_blocks) >= 1 && length(var.ingress_cidr_blocks) <= 25
    error_message = "Give 1 to 25 CIDR blocks such as 203.0.113.0/24: each needs two of the 60 rules that a security group can have.${var.ipv6 ? "" : " The load balancer has no IPv6 address, so they must be IPv4."}"
  }
}

variable "ipv6" {
  description = "Give a load balancer on the internet IPv6 addresses too. Its subnets must have IPv6 ranges."
  type        = bool
  default     = false # why: every network has IPv4, and an existing VPC may have no IPv6 range
  nullable    = false

  validation {
    condition     = !var.ipv6 || !var.internal && !var.cloudfront_only
    error_message = "Only a load balancer that users reach over the internet can have IPv6 addresses: CloudFront uses IPv4."
  }
}

variable "test_port" {
  description = "Port of the test listener, which shows the new version before users see it."
  type        = number
  default     = 8443 # why: the notes name no port; 8443 is the usual second port for HTTPS

  validation {
    condition     = var.test_port >= 1024 && var.test_port <= 65535
    error_message = "The test port must be from 1024 to 65535."
  }
}

variable "test_cidr_blocks" {
  description = "Addresses that may reach the test listener, as IPv4 CIDR blocks: those of the company, and, if the load balancer is internal, of a network connected to the VPC."
  type        = list(string)
  default     = [] # why: nobody may see an unreleased version unless its owner says so

  validation {
    condition     = alltrue([for block in var.test_cidr_blocks : can(cidrnetmask(block)) && !endswith(block, "/0")]) && length(var.test_cidr_blocks) <= 4
    error_message = "Give at most 4 IPv4 CIDR blocks such as 203.0.113.0/24, and not the whole internet: a security group can have 60 rules, of which CloudFront's addresses count as 55."
  }

  validation {
    condition     = !var.internal || alltrue([for block in var.test_cidr_blocks : can(regex("^(10|172\\.(1[6-9]|2[0-9]|3[01])|192\\.168|100\\.(6[4-9]|[7-9][0-9]|1[01][0-9]|12[0-7]))\\.", block))])
    error_message = "An internal load balancer cannot be reached from the internet. Use private addresses of a network connected to the VPC, or render with execute_command = true and test through a task."
  }
}

variable "test_through_tasks" {
  description = "Allow the tasks to reach the test listener, so that a tester can connect through one of them with ECS Exec."
  type        = bool
  default     = false # why: without ECS Exec nobody can connect through a task
  nullable    = false
}

variable "task_security_group_id" {
  description = "Security group of the tasks, if test_through_tasks is true."
  type        = string
  default     = null # why: only with test_through_tasks
}
