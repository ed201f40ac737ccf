blueprint "ecs-fargate" {
  version = "1.0.0"
  summary = "A web application on ECS Fargate in private subnets, behind Route53, CloudFront, WAF and a load balancer, with Aurora and ElastiCache."
  systems = ["acm", "alb", "aurora", "cloudfront", "ecr", "ecs-fargate", "elasticache-redis", "rds", "region", "route53", "s3", "security-group", "ssm-parameter-store", "tags", "vpc", "vpc-endpoint", "waf"]
}

# Options

option "cdn" {
  type        = bool
  default     = true
  description = "Whether CloudFront stands in front of the load balancer, which then has no address on the internet."
  notes       = ["acm.pattern-cloudfront-alb-ec2"]
}

option "waf" {
  type        = bool
  default     = true
  description = "Whether WAF filters requests: at CloudFront, or at the load balancer without it."
  notes       = ["security-group.alb-behind-cloudfront-waf"]
}

option "outbound" {
  type        = string
  one_of      = ["vpc-endpoints", "nat-gateway", "both"]
  default     = "vpc-endpoints"
  description = "How tasks reach AWS services (vpc-endpoints), or all of the internet (nat-gateway), or each its own way (both)."
  notes       = ["ecs-fargate.outbound-prefer-vpc-endpoint", "vpc-endpoint.egress-method"]
}

option "network_acl" {
  type        = bool
  default     = false
  description = "Whether a network ACL, which looks at packets before the security groups do, limits the datastore subnets to traffic of the VPC."
  notes       = ["vpc.nacl-inbound-rules"]
}

option "database" {
  type        = string
  one_of      = ["aurora-mysql", "aurora-postgresql", "none"]
  default     = "aurora-mysql"
  description = "Edition of the Aurora cluster, or none."
  notes       = ["aurora.engine-choice", "rds.aurora-edition"]
}

option "cache" {
  type        = string
  one_of      = ["redis", "valkey", "none"]
  default     = "redis"
  description = "Engine of the ElastiCache replication group, or none."
  notes       = ["elasticache-redis.engine"]
}

option "deployment" {
  type        = string
  one_of      = ["rolling", "blue-green"]
  default     = "rolling"
  description = "How ECS brings out a new version: task by task (rolling), or beside the old one and with a switch (blue-green)."
  why         = "it needs no second target group and no test listener"

  validation {
    condition     = option.deployment != "blue-green" || option.aws_provider == "6"
    error_message = "deployment = \"blue-green\" needs aws_provider = \"6\": version 5 of the AWS provider does not know the deployment strategies of ECS."
  }
}

option "zones" {
  type        = number
  one_of      = [2, 3]
  default     = 3
  description = "Number of availability zones."
  notes       = ["region.tokyo-three-azs"]
}

option "execute_command" {
  type        = bool
  default     = false
  description = "Whether a person may open a shell in a container (ECS Exec); its root file system is then writable."
  why         = "a shell in a running system is an exception"
}

option "pipeline" {
  type        = bool
  default     = false
  description = "Whether a pipeline outside this module brings out new versions, so that Terraform leaves the running task definition alone."
  why         = "without a pipeline nothing but Terraform brings out a new image"
}

# Variables that several components share

variable "name" {
  description = "Name of the system; every resource begins with it."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name)) && !can(regex("--|^(aws|ssm|sg-|internal-)", var.name))
    error_message = "The name must be 3 to 20 lower-case letters, digits and single hyphens, begin with a letter and not end with a hyphen. AWS keeps names that begin with aws, ssm, sg- or internal- for itself."
  }
}

variable "domain_name" {
  description = "Domain name under which users reach the application."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63}$", var.domain_name)) && length(var.domain_name) <= 62
    error_message = "The domain name must be a full name such as www.example.com, in lower case, at most 62 characters, without a wildcard and without a trailing dot."
  }
}

variable "hosted_zone_id" {
  description = "Route53 hosted zone of the domain name."
  type        = string

  validation {
    condition     = can(regex("^Z[A-Z0-9]{7,31}$", var.hosted_zone_id))
    error_message = "The hosted zone is given by its id, Z and 7 to 31 more capital letters and digits, such as Z0123456789ABCDEFGHIJ."
  }
}

variable "image_tag" {
  description = "Tag of the image to run, best the commit it was built from."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$", var.image_tag)) && var.image_tag != "latest" # notes: ecr.no-latest-tag, ecr.hash-tag latest does not say what runs
    error_message = "The tag must be up to 128 letters, digits, underscores, periods and hyphens, begin with none of the last two, and not be latest."
  }
}

variable "container_port" {
  description = "Port on which the container listens."
  type        = number
  default     = 80 # notes: codedeploy.appspec-container-port the usual port of a web server
  nullable    = false

  validation {
    condition     = var.container_port >= 1 && var.container_port <= 65535
    error_message = "The container port must be a port number from 1 to 65535."
  }
}

variable "vpc_cidr" {
  description = "IPv4 range of the VPC. It must not overlap a network that this VPC may ever be joined with."
  type        = string
  default     = "10.200.48.0/23" # notes: vpc.cidr-prefix-length, vpc.cidr-next-free-block a /23 of 512 addresses is enough in practice
  nullable    = false
}

variable "service_scaling" {
  description = "Number of tasks: at the start, at least and at most. In between it follows the load."
  type        = object({ desired = number, min = number, max = number })
  default     = { desired = 4, min = 2, max = 6 } # notes: ecs-fargate.autoscaling-example-values, ecs-fargate.desired-count-example 4 tasks at the start, then 2 to 6
  nullable    = false
}

variable "maintenance_window" {
  description = "Weekly maintenance window of the data stores, in UTC and outside the weekend of Japan."
  type        = string
  default     = "mon:18:00-mon:19:00" # notes: rds.maintenance-window-low-connections Tuesday, 03:00 to 04:00 in Japan
  nullable    = false

  validation {
    condition     = can(regex("^((mon|tue|wed|thu):([01][0-9]|2[0-3])|fri:(0[0-9]|1[0-4])|sun:(1[5-9]|2[0-3])):[0-5][0-9]-((mon|tue|wed|thu):([01][0-9]|2[0-3])|fri:(0[0-9]|1[0-4])|sun:(1[5-9]|2[0-3])):[0-5][0-9]$", var.maintenance_window))
    error_message = "The window must look like mon:18:00-mon:19:00, in UTC, and lie outside the weekend of Japan, which is fri:15:00 to sun:15:00 in UTC."
  }
}

variable "deletion_protection" {
  description = "Whether the load balancer and the database refuse to be deleted."
  type        = bool
  default     = true # notes: aurora.deletion-protection deleting the cluster deletes its volume
  nullable    = false
}

variable "log_retention_days" {
  description = "Days for which logs are kept."
  type        = number
  default     = 365 # why: faults and attacks are often found months later; audits cover a year
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "Logs must be kept for a number of days that CloudWatch Logs offers, such as 7, 14, 30, 90, 180, 365 or 731."
  }
}

# Components

component "network" {
  template = "network"
  with = {
    name                    = var.name
    cidr                    = var.vpc_cidr
    zones                   = option.zones
    nat_gateway             = contains(["nat-gateway", "both"], option.outbound)
    vpc_endpoints           = contains(["vpc-endpoints", "both"], option.outbound)
    secrets_endpoint        = option.database != "none"
    shell_endpoint          = option.execute_command
    network_acl             = option.network_acl
    load_balancer_tier      = option.cdn ? "app" : "public"
    max_tasks               = var.service_scaling.max
    flow_log_retention_days = var.log_retention_days
  }
  expose = {
    other_cidrs     = "other_cidrs"
    subnet_weights  = "subnet_weights"
    extra_endpoints = "extra_endpoints"
  }
}

component "logs" {
  template = "log-bucket"
  with = {
    name           = var.name
    alb_logs       = true
    cdn_logs       = option.cdn
    retention_days = var.log_retention_days
  }
}

component "certificate" {
  template = "certificate"
  with = {
    name           = var.name
    domain_name    = var.domain_name
    zone_id        = var.hosted_zone_id
    global         = false
    create_records = true
    aws_provider   = option.aws_provider
  }
}

component "edge_certificate" {
  template = "certificate"
  file     = "certificate.tf"
  when     = option.cdn
  with = {
    name           = "${var.name}-edge"
    domain_name    = var.domain_name
    zone_id        = var.hosted_zone_id
    global         = true
    create_records = false # both certificates are for one domain, and ACM asks for the same record
    aws_provider   = option.aws_provider
  }
}

component "waf" {
  template = "waf"
  when     = option.waf
  with = {
    name               = var.name
    scope              = option.cdn ? "CLOUDFRONT" : "REGIONAL"
    load_balancer_arn  = option.cdn ? null : component.load_balancer.arn
    rate_limit         = 2000
    log_retention_days = var.log_retention_days
    aws_provider       = option.aws_provider
  }
}

component "load_balancer" {
  template = "load-balancer"
  file     = "load-balancer.tf"
  with = {
    name                = var.name
    vpc_id              = component.network.vpc_id
    subnet_ids          = option.cdn ? component.network.app_subnet_ids : component.network.public_subnet_ids
    internal            = option.cdn
    certificate_arn     = component.certificate.arn
    log_bucket          = component.logs.bucket_id
    target_port         = var.container_port
    blue_green          = option.deployment == "blue-green"
    deletion_protection = var.deletion_protection
  }
}

component "cdn" {
  template = "cdn"
  when     = option.cdn
  with = {
    name               = var.name
    domain_name        = var.domain_name
    certificate_arn    = component.edge_certificate.arn
    web_acl_arn        = option.waf ? component.waf.arn : null
    origin_arn         = component.load_balancer.arn
    origin_domain_name = component.load_balancer.dns_name
    log_bucket         = component.logs.acl_bucket_id
    price_class        = "PriceClass_200"
    error_page_path    = null # only the application knows its error pages
  }
}

component "dns" {
  template = "dns"
  with = {
    zone_id            = var.hosted_zone_id
    domain_name        = var.domain_name
    target_domain_name = option.cdn ? component.cdn.domain_name : component.load_balancer.dns_name
    target_zone_id     = option.cdn ? component.cdn.zone_id : component.load_balancer.zone_id
  }
}

component "registry" {
  template = "registry"
  with = {
    name        = var.name
    images_kept = 30 # enough to roll back by weeks
  }
}

component "service" {
  template = "service"
  with = {
    name                            = var.name
    vpc_id                          = component.network.vpc_id
    subnet_ids                      = component.network.app_subnet_ids
    outbound                        = option.outbound
    endpoint_security_group_id      = option.outbound == "nat-gateway" ? null : component.network.endpoint_security_group_id
    s3_prefix_list_id               = component.network.s3_prefix_list_id
    load_balancer_security_group_id = component.load_balancer.security_group_id
    target_group_arn                = component.load_balancer.target_group_arn
    alternate_target_group_arn      = option.deployment == "blue-green" ? component.load_balancer.green_target_group_arn : null
    production_listener_rule_arn    = option.deployment == "blue-green" ? component.load_balancer.production_listener_rule_arn : null
    test_listener_rule_arn          = option.deployment == "blue-green" ? component.load_balancer.test_listener_rule_arn : null
    repository_url                  = component.registry.repository_url
    image_tag                       = var.image_tag
    container_port                  = var.container_port
    deployment                      = option.deployment
    external_deployment             = option.pipeline
    execute_command                 = option.execute_command
    autoscaling                     = true
    scaling                         = var.service_scaling
    health_check_grace_period       = 600
    log_retention_days              = var.log_retention_days
    aws_provider                    = option.aws_provider

    # The hosts reach the tasks through Parameter Store: links would make a
    # cycle, for the data stores admit the security group of the service.
    linked_secrets = concat(
      option.database == "none" ? [] : ["DB_HOST"],
      option.cache == "none" ? [] : ["REDIS_HOST"],
    )
  }
}

component "database" {
  template = "database"
  when     = option.database != "none"
  with = {
    name                     = var.name
    engine                   = option.database
    vpc_id                   = component.network.vpc_id
    subnet_ids               = component.network.datastore_subnet_ids
    client_security_group_id = component.service.security_group_id
    backup_retention_days    = 7
    maintenance_window       = var.maintenance_window
    deletion_protection      = var.deletion_protection
    log_retention_days       = var.log_retention_days
  }
}

component "cache" {
  template = "cache"
  when     = option.cache != "none"
  with = {
    name                     = var.name
    engine                   = option.cache
    vpc_id                   = component.network.vpc_id
    subnet_ids               = component.network.datastore_subnet_ids
    client_security_group_id = component.service.security_group_id
    redis_version            = "7.1"
    valkey_version           = "8.2"
    snapshot_retention_days  = 0
    maintenance_window       = var.maintenance_window
    parameters               = {} # the notes change none
  }
}

# Outputs

output "url" {
  description = "Address of the application."
  value       = "https://${component.dns.fqdn}"
}

output "distribution_id" {
  description = "Id of the CloudFront distribution, for invalidations."
  value       = component.cdn.distribution_id
  when        = option.cdn
}

output "vpc_id" {
  description = "Id of the VPC."
  value       = component.network.vpc_id
}

output "nat_public_ips" {
  description = "Addresses that outbound traffic comes from, to be allowed by others."
  value       = component.network.nat_public_ips
  when        = option.outbound != "vpc-endpoints"
}

output "repository_url" {
  description = "URL of the ECR repository to push images to."
  value       = component.registry.repository_url
}

output "cluster_name" {
  description = "Name of the ECS cluster."
  value       = component.service.cluster_name
}

output "service_name" {
  description = "Name of the ECS service."
  value       = component.service.service_name
}

output "task_role_name" {
  description = "Name of the application's role, to attach permissions to."
  value       = component.service.task_role_name
}

output "database_endpoint" {
  description = "Host of the database's writer."
  value       = component.database.endpoint
  when        = option.database != "none"
}

output "database_secret_arn" {
  description = "Secret that holds the database's master password."
  value       = one(component.database.master_user_secret[*].secret_arn)
  when        = option.database != "none"
}

output "cache_endpoint" {
  description = "Host of the cache's primary."
  value       = component.cache.primary_endpoint
  when        = option.cache != "none"
}

# Profiles: the values that differ by environment

profile "dev" {
  description = "Small, cheap and easy to throw away."

  values = {
    deletion_protection         = false                                           # why: development is made and thrown away
    log_retention_days          = 30                                              # why: enough to look into last week
    service_scaling             = { desired = 1, min = 1, max = 2 }               # why: nobody waits for one developer's task
    database_size               = { class = "db.t4g.medium", instances = 1 }      # notes: aurora.burstable-instance-class burstable; development may wait for a new instance
    database_mysql_version      = "8.0"                                           # notes: aurora.minor-version-rollout, aurora.auto-minor-version-upgrade new versions come here first
    database_postgresql_version = "17"                                            # notes: aurora.minor-version-rollout, aurora.auto-minor-version-upgrade new versions come here first
    cache_size                  = { node_type = "cache.t4g.micro", replicas = 0 } # why: there is little to cache, and sessions may be lost
  }
}

profile "stg" {
  description = "Like production, in smaller size."

  values = {
    deletion_protection = true                                            # notes: aurora.deletion-protection deleting the cluster deletes its volume
    log_retention_days  = 90                                              # why: covers the tests of several releases
    service_scaling     = { desired = 2, min = 2, max = 4 }               # why: shows what breaks with more than one task
    database_size       = { class = "db.t4g.medium", instances = 2 }      # notes: aurora.burstable-instance-class, aurora.failover-replica-in-other-az burstable, with a replica in another zone
    cache_size          = { node_type = "cache.t4g.small", replicas = 1 } # notes: elasticache-redis.replica-count-multi-az one replica in another zone
  }
}

profile "prd" {
  description = "Production: protected, redundant, sized for users."

  values = {
    deletion_protection = true                                            # notes: aurora.deletion-protection deleting the cluster deletes its volume
    log_retention_days  = 365                                             # why: a fault or an attack is often found months later
    service_size        = { cpu = 512, memory = 1024 }                    # notes: codedeploy.taskdef-cpu, codedeploy.taskdef-memory half a virtual CPU and a GiB
    service_scaling     = { desired = 4, min = 2, max = 6 }               # notes: ecs-fargate.autoscaling-example-values 2 to 6 tasks
    database_size       = { class = "db.r7g.large", instances = 2 }       # why: burstable classes are for development; a replica takes over
    cache_size          = { node_type = "cache.t4g.small", replicas = 1 } # notes: elasticache-redis.replica-count-multi-az one replica in another zone
  }
}

example {
  values = {
    name           = "example"
    domain_name    = "www.example.com"
    hosted_zone_id = "Z0123456789ABCDEFGHIJ"
    image_tag      = "1f0c2d3"
  }
}

# Where the rendering differs from the notes, because they are out of date or unsafe

deviation "load-balancer-not-public" {
  notes    = ["security-group.alb-source", "security-group.alb-http", "security-group.alb-https"]
  when     = option.cdn
  rendered = "The load balancer is internal and CloudFront reaches it through a VPC origin."
  reason   = "One that is open to 0.0.0.0/0 can be reached past CloudFront and its WAF; VPC origins did not exist when the notes were written."
  restore  = "Set internal = false on the load balancer, put it into the public subnets, and give CloudFront a custom origin."
}

deviation "load-balancer-open-without-cdn" {
  notes    = ["security-group.alb-source", "security-group.alb-without-cloudfront"]
  when     = !option.cdn
  rendered = "The load balancer admits load_balancer_ingress_cidr_blocks, which by default are all addresses."
  reason   = "A public site has users everywhere; whether it is one, only its owner knows."
  restore  = "Give load_balancer_ingress_cidr_blocks the addresses of the users."
}

deviation "outbound-not-open" {
  notes    = ["security-group.egress-all"]
  rendered = "Security groups let out only what a component needs, by port and destination."
  reason   = "Full access would let a broken-in task talk to anybody; the notes give it as an example."
  restore  = "Add an aws_vpc_security_group_egress_rule with ip_protocol = \"-1\" and cidr_ipv4 = \"0.0.0.0/0\"."
}

deviation "no-bastion" {
  notes    = ["security-group.bastion-ssh", "security-group.app-ec2-ssh-from-bastion"]
  rendered = "There is no bastion, and no port for SSH is open."
  reason   = "A Fargate task has no SSH server; the option execute_command opens a shell through Session Manager, which needs no open port and leaves a trail."
  restore  = "Add an instance with a security group that admits TCP 22 from the office, and to what it shall reach a rule for TCP 22 from that group (the notes say 443 there, a slip)."
}

deviation "datastore-acl-vpc-only" {
  notes    = ["vpc.nacl-inbound-rules"]
  when     = option.network_acl
  rendered = "Rule 100 of the network ACL lets in TCP from the VPC, on ports from 1024."
  reason   = "An ACL that lets all in does no more than the VPC's own, which is there without the option."
  restore  = "Set network_acl = false: the VPC's own ACL lets all in by its rule 100."
}

deviation "log-bucket-not-public" {
  notes    = ["s3.cloudfront-log-public-access"]
  when     = option.cdn
  rendered = "Public access to the log bucket is blocked; CloudFront writes through an ACL grant."
  reason   = "CloudFront's logs need ACLs on the bucket, not public access, which would expose them."
  restore  = "Do not; if you must, change the aws_s3_bucket_public_access_block of the log bucket."
}

deviation "alb-log-service-principal" {
  notes    = ["s3.alb-log-account-id"]
  rendered = "The bucket policy names the service principal of load balancer logs."
  reason   = "Account ids by region are the older form and missing in newer regions."
  restore  = "Name the principal arn:aws:iam::582318560864:root in the bucket policy (Tokyo)."
}

deviation "waf-logs-to-cloudwatch" {
  notes    = ["waf.logging-destination"]
  when     = option.waf
  rendered = "WAF writes its logs to CloudWatch Logs."
  reason   = "Since 2021 no delivery stream is needed in between."
  restore  = "Point aws_wafv2_web_acl_logging_configuration to a Firehose stream whose name begins with aws-waf-logs-."
}

deviation "ecs-native-blue-green" {
  notes    = ["ecs-fargate.deploy-blue-green-codedeploy"]
  when     = option.deployment == "blue-green"
  rendered = "ECS itself switches between the target groups."
  reason   = "Since 2025 ECS does blue/green without CodeDeploy, so there is nothing more to run."
  restore  = "Set deployment_controller to CODE_DEPLOY and add a CodeDeploy application and deployment group."
}

deviation "exec-permissions-on-task-role" {
  notes    = ["ecs-fargate.exec-policy-on-task-execution-role"]
  when     = option.execute_command
  rendered = "The permissions of ECS Exec are on the task role."
  reason   = "The agent runs inside the container and takes the task role; on the execution role they have no effect."
  restore  = "Nothing to restore: the notes' value does not work."
}

deviation "database-by-security-group" {
  notes    = ["aurora.cluster-security-group"]
  when     = option.database != "none"
  rendered = "The database admits the security group of the service."
  reason   = "Addresses of tasks change with every deployment; the notes themselves prefer a security group in such a case."
  restore  = "Replace referenced_security_group_id by cidr_ipv4 in the rule of the database."
}

deviation "database-instance-class" {
  notes    = ["aurora.burstable-instance-class"]
  when     = option.database != "none"
  rendered = "envs/prd.tfvars chooses db.r7g.large; the default stays burstable."
  reason   = "AWS recommends the burstable classes for development and test only."
  restore  = "Give database_size the class db.t4g.medium in envs/prd.tfvars."
}

deviation "database-password-managed" {
  notes    = ["aurora.master-password"]
  when     = option.database != "none"
  rendered = "Secrets Manager makes the master password and rotates it."
  reason   = "A password that is set by the user stands in the state."
  restore  = "Set master_password_wo and its version in place of manage_master_user_password."
}

deviation "database-without-bastion" {
  notes    = ["aurora.bastion-only-access"]
  when     = option.database != "none"
  rendered = "Only the application may connect; there is no bastion."
  reason   = "A bastion is a server to look after; a tunnel through ECS Exec or Session Manager does its work."
  restore  = "Add an ingress rule of the database for the security group of a bastion."
}
