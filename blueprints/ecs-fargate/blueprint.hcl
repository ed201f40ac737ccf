blueprint "ecs-fargate" {
  version = "1.0.0"
  summary = join("", [
    "A web application on ECS Fargate in private subnets, behind Route53",
    option.cdn ? ", CloudFront" : "",
    option.waf ? ", WAF" : "",
    " and a load balancer",
    option.database == "none" && option.cache == "none" ? "" : ", with ",
    join(" and ", compact([
      option.database == "none" ? "" : startswith(option.database, "aurora") ? "Aurora" : "RDS",
      option.cache == "none" ? "" : "ElastiCache",
    ])),
    ".",
  ])
  systems = [
    "acm", "alb", "aurora", "auto-scaling", "cloudfront", "cloudwatch-alarm", "cloudwatch-logs",
    "cloudwatch-metrics", "codebuild", "codedeploy", "codepipeline", "ecr", "ecs-eks", "ecs-fargate",
    "elasticache-redis", "iam", "rds", "rds-non-aurora", "region", "route53", "s3",
    "security-group", "ssm-parameter-store", "ssm-session-manager", "tags", "vpc", "vpc-endpoint", "waf",
  ]
}

# Options

option "cdn" {
  type        = bool
  default     = true
  description = "Put CloudFront in front of the load balancer, which then has no public address."
  why         = "the load balancer needs no public address, and static files come from near the users"
}

option "waf" {
  type        = bool
  default     = true
  description = "Filter requests with WAF: at CloudFront, or at the load balancer if there is no CloudFront."
  notes       = ["security-group.alb-behind-cloudfront-waf"]
}

option "origin" {
  type        = string
  one_of      = ["vpc-origin", "prefix-list"]
  default     = "vpc-origin"
  description = "How CloudFront reaches the load balancer: inside the VPC (vpc-origin), or over the internet, identified by its address ranges and a secret header (prefix-list)."
  why         = "an internal load balancer cannot be reached without CloudFront and its WAF"

  validation {
    condition     = option.origin == "vpc-origin" || option.cdn
    error_message = "origin = \"prefix-list\" needs cdn = true: without CloudFront the secret header is never sent."
  }

  validation {
    condition     = option.origin == "vpc-origin" || option.deployment != "codedeploy"
    error_message = "origin = \"prefix-list\" cannot be used with deployment = \"codedeploy\": CodeDeploy changes the listener's default action, which must reject requests here."
  }
}

option "static_files" {
  type        = string
  one_of      = ["application", "bucket"]
  default     = "application"
  description = "Where CloudFront takes static files from: the application, or an S3 bucket that only CloudFront may read (bucket)."
  why         = "most frameworks ship their static files in the image"

  validation {
    condition     = option.static_files == "application" || option.cdn
    error_message = "static_files = \"bucket\" needs cdn = true: only CloudFront may read the bucket."
  }
}

option "static_versions" {
  type        = string
  one_of      = ["query", "path"]
  default     = "query"
  description = "How the application marks a new version of a static file: in the query string, as in app.js?v=2 (query), or in the path, as in app-3f2a.js (path), with a higher hit ratio."
  why         = "with path, frameworks that append ?v=2 would show users the old file"

  validation {
    condition     = option.static_versions == "query" || option.cdn
    error_message = "static_versions = \"path\" needs cdn = true: CloudFront caches the static files."
  }
}

option "error_pages" {
  type        = bool
  default     = false
  description = "Let CloudFront serve its own error pages, from /errors/."
  why         = "the application's own 403 would become a 404"

  validation {
    condition     = !option.error_pages || option.cdn
    error_message = "error_pages = true needs cdn = true: CloudFront serves them."
  }
}

option "ipv6" {
  type        = bool
  default     = false
  description = "Let users reach a load balancer without CloudFront over IPv6 too. An existing VPC needs IPv6 ranges in its public subnets."
  why         = "every network has IPv4, and an existing VPC may have no IPv6 range"

  validation {
    condition     = !option.ipv6 || !option.cdn
    error_message = "ipv6 needs cdn = false: CloudFront serves IPv6 by itself, and reaches the load balancer over IPv4."
  }
}

option "access" {
  type        = string
  one_of      = ["everyone", "office-paths", "office-only", "office-or-token"]
  default     = "everyone"
  description = "Who may reach the application: everyone, everyone except on some paths (office-paths), offices only (office-only), or offices and tools with a token (office-or-token)."
  why         = "most sites are for everyone"

  validation {
    condition     = option.access == "everyone" || option.waf
    error_message = "Any access other than everyone needs waf = true: WAF is what recognises the offices."
  }
}

option "block_user_agents" {
  type        = bool
  default     = false
  description = "Block some user agents with WAF."
  why         = "only the owner of the site knows which clients are unwanted"

  validation {
    condition     = !option.block_user_agents || option.waf
    error_message = "block_user_agents = true needs waf = true."
  }
}

option "hosted_zone" {
  type        = string
  one_of      = ["existing", "new"]
  default     = "existing"
  description = "Use an existing Route 53 hosted zone for the domain (existing), or create one (new)."
  why         = "the zone of a domain usually exists, with records of other systems"
}

include "network" {
  with = {
    max_tasks            = var.service_scaling.max
    secrets_endpoint     = strcontains(jsonencode(var.service_secrets), ":secretsmanager:")
    shell_endpoint       = option.execute_command || option.bastion
    public_load_balancer = !option.cdn || option.origin == "prefix-list"
    load_balancer_tier   = option.cdn ? "app" : "public"
    vpc_origin           = option.cdn && option.origin == "vpc-origin"
    ipv6                 = option.ipv6
    datastores           = option.database != "none" || option.cache != "none"
  }
}

option "database" {
  type        = string
  one_of      = ["aurora-mysql", "aurora-postgresql", "mysql", "postgresql", "mariadb", "none"]
  default     = "aurora-mysql"
  description = "Database engine: an edition of Aurora (a cluster), a non-Aurora engine (an instance, cheaper but slower to fail over), or none."
  why         = "Aurora fails over fastest, and the notes set the parameters of MySQL"
}

option "reader_endpoint" {
  type        = bool
  default     = false
  description = "Also give the application the Aurora reader endpoint, as DB_READER_HOST; connections to readers drop during patching."
  notes       = ["aurora.zdp-avoid-reader-endpoint"]

  validation {
    condition     = !option.reader_endpoint || startswith(option.database, "aurora-")
    error_message = "reader_endpoint needs database = \"aurora-mysql\" or \"aurora-postgresql\": a standby outside Aurora cannot be read."
  }
}

option "database_auth" {
  type        = string
  one_of      = ["iam", "secret", "own"]
  default     = "iam"
  description = "How the application logs in to its database: as the user app with short-lived IAM tokens (iam), with a password that someone stores in Parameter Store once (secret), or in its own way (own)."
  why         = "there is no stored password that could leak, and no task waits for someone to store one; choose secret for frameworks that cannot create tokens"
}

option "database_proxy" {
  type        = bool
  default     = false
  description = "Connect to the database through RDS Proxy, which lets tasks share connections and keeps them open during a failover."
  why         = "it costs about as much as a small instance, and a pool in each task is enough until connections run out"

  validation {
    condition     = !option.database_proxy || contains(["aurora-mysql", "aurora-postgresql", "mysql", "postgresql"], option.database)
    error_message = "database_proxy needs database = \"aurora-mysql\", \"aurora-postgresql\", \"mysql\" or \"postgresql\": the proxy needs a database, and MariaDB has not been tested."
  }

  validation {
    condition     = !option.database_proxy || option.database_auth != "own"
    error_message = "database_proxy needs database_auth = \"iam\" or \"secret\": the proxy logs in to the database itself, and only as users it has credentials for."
  }

  validation {
    condition     = !option.database_proxy || option.database_auth != "iam" || option.aws_provider == "6"
    error_message = "database_proxy with database_auth = \"iam\" needs aws_provider = \"6\": version 5 of the AWS provider only supports proxies that log in with passwords. Alternatively, set database_auth = \"secret\"."
  }
}

option "bastion" {
  type        = bool
  default     = false
  description = "Create a bastion, a small instance through which people reach the database by Session Manager; it has no public address and no SSH."
  why         = "with execute_command a tunnel through a task does the same, and there is no server to maintain"

  validation {
    condition     = !option.bastion || option.database != "none"
    error_message = "bastion needs a database: it leads nowhere else."
  }
}

option "cache" {
  type        = string
  one_of      = ["redis", "valkey", "none"]
  default     = "redis"
  description = "Engine of the ElastiCache replication group, or none."
  notes       = ["elasticache-redis.engine"]
}

option "cache_cluster_mode" {
  type        = bool
  default     = false
  description = "Spread the cache's keys over several shards; the application's client must support the cluster protocol."
  why         = "one shard is enough for sessions"

  validation {
    condition     = !option.cache_cluster_mode || option.cache != "none"
    error_message = "cache_cluster_mode needs a cache: set cache to \"redis\" or \"valkey\"."
  }
}

option "cache_auth" {
  type        = string
  one_of      = ["network", "iam"]
  default     = "network"
  description = "How cache clients are authorised: by security group only (network), or also with short-lived IAM tokens of the task role (iam)."
  why         = "most session libraries cannot create tokens; a fixed password would end up in a file or in the state"

  validation {
    condition     = option.cache_auth == "network" || option.cache != "none"
    error_message = "cache_auth needs a cache: set cache to \"redis\" or \"valkey\"."
  }
}

option "cache_import" {
  type        = bool
  default     = false
  description = "Create the cache from a snapshot, to take over the sessions of another cache."
  why         = "a new system has nothing to import"

  validation {
    condition     = !option.cache_import || option.cache != "none"
    error_message = "cache_import needs a cache: set cache to \"redis\" or \"valkey\"."
  }
}

option "file_system" {
  type        = bool
  default     = false
  description = "Give the tasks a file system that they share (EFS), for applications that keep files of users in a directory."
  why         = "files of users belong in S3, which costs a tenth and needs no mount"
}

option "deployment" {
  type        = string
  one_of      = ["rolling", "blue-green", "codedeploy"]
  default     = "rolling"
  description = "Deployment strategy: replace tasks gradually (rolling), blue/green by ECS (blue-green), or blue/green by CodeDeploy, which waits for manual approval (codedeploy)."
  why         = "it needs no second target group and no test listener"

  validation {
    condition     = option.deployment != "blue-green" || option.aws_provider == "6"
    error_message = "deployment = \"blue-green\" needs aws_provider = \"6\": version 5 of the AWS provider does not support ECS deployment strategies."
  }
}

option "framework" {
  type        = string
  one_of      = ["any", "laravel", "nuxt"]
  default     = "any"
  description = "Framework of the application. It sets how long a new task may take to register and start: 330 seconds for laravel, 600 for nuxt, 120 for any."
  why         = "two minutes are enough for most applications"
}

option "spot" {
  type        = bool
  default     = false
  description = "Also run tasks on spare capacity (Fargate Spot), up to service_spot_share percent. Decide before the first apply: with version 5 of the AWS provider, changing it later replaces the service."
  why         = "AWS reclaims spare capacity with two minutes' notice"

  validation {
    condition     = !option.spot || option.deployment != "codedeploy"
    error_message = "spot needs deployment = \"rolling\" or \"blue-green\": CodeDeploy starts tasks with a launch type."
  }
}

option "sidecars" {
  type        = string
  one_of      = ["none", "firelens", "datadog", "both"]
  default     = "none"
  description = "Sidecar containers: Fluent Bit, which routes the logs (firelens), the Datadog agent (datadog), or both."
  why         = "CloudWatch collects logs and metrics without them"

  validation {
    condition     = option.sidecars == "none" || option.outbound != "vpc-endpoints"
    error_message = "Sidecars need outbound = \"nat-gateway\" or \"both\": their images are in public.ecr.aws, which no VPC endpoint reaches."
  }
}

option "internal_services" {
  type        = bool
  default     = false
  description = "Run internal services behind the public one, reachable by name through Service Connect; the variable services defines them."
  why         = "one service is the simplest to run"

  validation {
    condition     = !option.internal_services || option.deployment != "codedeploy"
    error_message = "Internal services need deployment = \"rolling\" or \"blue-green\": Service Connect does not work with CodeDeploy deployments."
  }
}

option "scheduled_tasks" {
  type        = bool
  default     = false
  description = "Run commands on a schedule, each in its own task; the variable scheduled_tasks defines them."
  why         = "not every system has recurring jobs"
}

option "operator_policies" {
  type        = bool
  default     = false
  description = "Create IAM policies to attach to people who run one-off tasks or, with execute_command, open a shell."
  why         = "in most accounts people get their permissions from elsewhere"
}

option "load_balancing" {
  type        = string
  one_of      = ["round_robin", "least_outstanding_requests", "weighted_random"]
  default     = "round_robin"
  description = "How the load balancer distributes requests: evenly, to the task with the fewest outstanding requests, or at random and away from anomalous tasks."
  why         = "requests of web pages are short and alike"
}

option "sticky_sessions" {
  type        = bool
  default     = false
  description = "Keep each user on the same task for a day, for applications that store sessions in the task."
  why         = "sessions belong in the cache, where they outlive a task"
}

option "execute_command" {
  type        = bool
  default     = false
  description = "Allow people to open a shell in a container (ECS Exec)."
  why         = "a shell in a running system is an exception"
}

option "pipeline" {
  type        = string
  one_of      = ["none", "external", "codepipeline"]
  default     = "none"
  description = "What deploys new versions: Terraform (none), a pipeline outside this module (external), or CodePipeline and CodeBuild (codepipeline). With a pipeline, Terraform does not touch the running task definition."
  why         = "Terraform can deploy without another tool"
}

option "alarms" {
  type        = bool
  default     = true
  description = "Create alarms on metrics and on the application's log, which send e-mail."
  why         = "a fault that nobody hears of lasts longer"
}

option "dashboard" {
  type        = bool
  default     = false
  description = "Create a CloudWatch dashboard with a graph for each alarm."
  why         = "it costs three dollars a month, and alarms work without it"

  validation {
    condition     = option.alarms || !option.dashboard
    error_message = "dashboard needs alarms = true: it shows their metrics and thresholds."
  }
}

option "chatbot" {
  type        = bool
  default     = false
  description = "Also send alarms to a Slack channel, with Amazon Q Developer (formerly AWS Chatbot)."
  why         = "e-mail needs no workspace that someone must authorise first"

  validation {
    condition     = option.alarms || !option.chatbot
    error_message = "chatbot needs alarms = true: it has nothing else to report."
  }
}

# Variables that several components share

variable "name" {
  description = "Name of the system, and prefix of every resource name."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name)) && !can(regex("--|^(aws|ssm|sg-|internal-)", var.name))
    error_message = "The name must be 3 to 20 lower-case letters, digits and single hyphens, start with a letter and not end with a hyphen. AWS reserves names that start with aws, ssm, sg- or internal-."
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
    error_message = "The hosted zone must be its ID, Z followed by 7 to 31 capital letters and digits, such as Z0123456789ABCDEFGHIJ."
  }
}

variable "origin_secrets" {
  description = "Values of the header that identifies CloudFront to the load balancer. The first is sent; all are accepted. They are stored in the state."
  type        = list(string)
  sensitive   = true
  nullable    = false

  validation {
    condition     = length(var.origin_secrets) >= 1 && length(var.origin_secrets) <= 2 && alltrue([for secret in var.origin_secrets : can(regex("^[A-Za-z0-9]{32,128}$", secret))])
    error_message = "Set one secret, or two while it is being rotated, each of 32 to 128 letters and digits; generate one with: openssl rand -hex 32."
  }
}

variable "image_tag" {
  description = "Tag of the image to run, ideally the commit it was built from. Empty while there is no image, as at the first apply: then no task starts. It has no default, so that no apply removes the image by mistake."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^([A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?$", var.image_tag)) && var.image_tag != "latest" # notes: ecr.no-latest-tag, ecr.hash-tag latest does not say what is running
    error_message = "The tag must be empty, or up to 128 letters, digits, underscores, periods and hyphens, not start with a period or hyphen, and not be latest."
  }
}

variable "container_port" {
  description = "Port on which the container listens."
  type        = number
  default     = 80 # notes: codedeploy.appspec-container-port port 80
  nullable    = false

  validation {
    condition     = var.container_port >= 1 && var.container_port <= 65535
    error_message = "The container port must be from 1 to 65535."
  }
}

variable "service_scaling" {
  description = "Number of tasks: initial, minimum and maximum. Within these limits it follows the load."
  type        = object({ desired = number, min = number, max = number })
  default     = { desired = 4, min = 2, max = 6 } # notes: ecs-fargate.autoscaling-example-values, ecs-fargate.desired-count-example 4 tasks at the start, then 2 to 6
  nullable    = false
}

variable "service_secrets" {
  description = "Environment variables whose values are secret: null for the parameter /<name>/<VARIABLE>, or the ARN of another parameter or of a secret in Secrets Manager, followed by :<key>:: to select one key. Store the values before a task needs them."
  type        = map(string)
  default     = {} # why: only the application knows its variables
  nullable    = false
}

variable "service_architecture" {
  description = "CPU architecture of the tasks: X86_64, or ARM64, which costs a fifth less. The images must be built for it."
  type        = string
  default     = "X86_64" # why: most images and build machines still use it
  nullable    = false

  validation {
    condition     = contains(["X86_64", "ARM64"], var.service_architecture)
    error_message = "The architecture must be X86_64 or ARM64."
  }
}

variable "maintenance_window" {
  description = "Weekly maintenance window of the data stores, in UTC and outside the weekend in ${option.home}."
  type        = string
  default     = home_weekly_window(option.home, "tue", "03:00", 60) # why: early on Tuesday, when the users sleep and few connections are open
  nullable    = false

  validation {
    condition     = alltrue([for moment in split("-", var.maintenance_window) : can(regex(home_weekday_pattern(option.home), moment))]) # notes: rds.maintenance-window-not-weekend, rds.maintenance-window-utc
    error_message = "The window must look like ${home_weekly_window(option.home, "tue", "03:00", 60)}, in UTC, and be outside the weekend in ${option.home}, which is ${home_weekend(option.home).from} to ${home_weekend(option.home).to} in UTC."
  }

  validation {
    condition     = try(substr(var.maintenance_window, 0, 3) == substr(var.maintenance_window, 10, 3) && replace(substr(var.maintenance_window, 14, 5), ":", "") - replace(substr(var.maintenance_window, 4, 5), ":", "") >= 100, false)
    error_message = "The window must start and end on the same day in UTC and last at least an hour, as ElastiCache requires."
  }
}

variable "database_backup_window" {
  description = "Daily backup window of the database in UTC, at least half an hour, outside the maintenance window."
  type        = string
  default     = home_daily_window(option.home, "01:00", 30) # why: at night where the users are, well before the maintenance window
  nullable    = false
}

variable "service_datadog_site" {
  description = "Datadog site that the agent reports to."
  type        = string
  default     = startswith(option.home, "Asia/") ? "ap1.datadoghq.com" : startswith(option.home, "Australia/") ? "ap2.datadoghq.com" : startswith(option.home, "Europe/") ? "datadoghq.eu" : "datadoghq.com" # why: the site in the users' part of the world
  nullable    = false
}

variable "deletion_protection" {
  description = "Protect the load balancer and the database from deletion."
  type        = bool
  default     = true # notes: aurora.deletion-protection on, because deleting the cluster deletes its volume
  nullable    = false
}

variable "disposable" {
  description = "Let destroy delete everything: data without a final snapshot, files in buckets, images. For short-lived environments."
  type        = bool
  default     = false # why: what is destroyed by mistake must be recoverable
  nullable    = false

  validation {
    condition     = !var.disposable || !var.deletion_protection
    error_message = "disposable needs deletion_protection = false: protected resources cannot be deleted."
  }
}

variable "deployment_alarms" {
  description = "Names of CloudWatch alarms that stop and roll back a deployment when they fire. Empty for none; null for the load balancer alarms that this module creates for blue/green deployments."
  type        = list(string)
  default     = null # why: a rolling update has a circuit breaker; blue/green has no other check for a bad version
}

variable "log_retention_days" {
  description = "Retention of the logs, in days."
  type        = number
  default     = 365 # why: faults and attacks are often found months later; audits cover a year
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "The retention must be a number of days that CloudWatch Logs supports, such as 7, 14, 30, 90, 180, 365 or 731."
  }
}

# Components

component "logs" {
  template = "log-bucket"
  with = {
    name           = var.name
    alb_logs       = true
    cdn_logs       = option.cdn
    retention_days = var.log_retention_days
    disposable     = var.disposable
  }
}

component "static_files" {
  template = "static-bucket"
  file     = "static-files.tf"
  when     = option.static_files == "bucket"
  with = {
    name       = var.name
    disposable = var.disposable
  }
}

component "zone" {
  template = "hosted-zone"
  file     = "dns.tf"
  when     = option.hosted_zone == "new"
  with     = { host_name = var.domain_name, disposable = var.disposable }
}

component "certificate" {
  template = "certificate"
  with = {
    name           = var.name
    domain_name    = var.domain_name
    zone_id        = option.hosted_zone == "new" ? component.zone.zone_id : var.hosted_zone_id
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
    zone_id        = option.hosted_zone == "new" ? component.zone.zone_id : var.hosted_zone_id
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
    access             = option.access
    block_user_agents  = option.block_user_agents
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
    subnet_ids          = option.cdn && option.origin == "vpc-origin" ? component.network.app_subnet_ids : component.network.public_subnet_ids
    internal            = option.cdn && option.origin == "vpc-origin"
    cloudfront_only     = option.origin == "prefix-list"
    ipv6                = option.ipv6
    cloudfront_secrets  = var.origin_secrets
    certificate_arn     = component.certificate.arn
    log_bucket          = component.logs.bucket_id
    target_port         = var.container_port
    deployment          = option.deployment
    deletion_protection = var.deletion_protection

    test_through_tasks     = option.deployment != "rolling" && option.execute_command
    task_security_group_id = option.deployment != "rolling" && option.execute_command ? component.identity.security_group_id : null

    load_balancing_algorithm = option.load_balancing
    sticky_sessions          = option.sticky_sessions
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
    vpc_origin         = option.origin == "vpc-origin"
    origin_arn         = component.load_balancer.arn
    origin_domain_name = component.load_balancer.dns_name
    origin_secret      = var.origin_secrets[0]
    log_bucket         = component.logs.acl_bucket_id
    price_class        = startswith(home_region(option.home), "sa-") || startswith(option.home, "Australia/") ? "PriceClass_All" : "PriceClass_200" # only the first has edges there
    error_pages        = option.error_pages
    static_versions    = option.static_versions

    static_bucket             = option.static_files == "bucket"
    static_bucket_id          = option.static_files == "bucket" ? component.static_files.bucket_id : null
    static_bucket_arn         = option.static_files == "bucket" ? component.static_files.bucket_arn : null
    static_bucket_domain_name = option.static_files == "bucket" ? component.static_files.domain_name : null
  }
}

component "dns" {
  template = "dns"
  with = {
    zone_id            = option.hosted_zone == "new" ? component.zone.zone_id : var.hosted_zone_id
    domain_name        = var.domain_name
    target_domain_name = option.cdn ? component.cdn.domain_name : component.load_balancer.dns_name
    target_zone_id     = option.cdn ? component.cdn.zone_id : component.load_balancer.zone_id
    ipv6               = option.cdn || option.ipv6
  }
}

component "registry" {
  template = "registry"
  with = {
    name        = var.name
    images_kept = 30 # enough to roll back by weeks
    disposable  = var.disposable
  }
}

# Before the data stores, which allow the group and grant the role its permissions.
component "identity" {
  template = "task-identity"
  file     = "identity.tf"
  prefix   = "service"
  with = {
    name   = var.name
    vpc_id = component.network.vpc_id
  }
}

component "files" {
  template = "file-system"
  file     = "files.tf"
  when     = option.file_system
  with = {
    name                     = var.name
    vpc_id                   = component.network.vpc_id
    subnet_ids               = component.network.app_subnet_ids
    client_security_group_id = component.identity.security_group_id
    client_role_arn          = component.identity.task_role_arn
  }
}

component "service" {
  template = "service"
  with = {
    name                            = var.name
    security_group_id               = component.identity.security_group_id
    execution_role_name             = component.identity.execution_role_name
    execution_role_arn              = component.identity.execution_role_arn
    task_role_name                  = component.identity.task_role_name
    task_role_arn                   = component.identity.task_role_arn
    subnet_ids                      = component.network.app_subnet_ids
    outbound                        = option.outbound
    given_network                   = option.network == "existing"
    endpoint_security_group_id      = option.outbound == "nat-gateway" ? null : component.network.endpoint_security_group_id
    s3_prefix_list_id               = component.network.s3_prefix_list_id
    dynamodb_prefix_list_ids        = component.network.dynamodb_prefix_list_ids
    load_balancer_security_group_id = component.load_balancer.security_group_id
    target_group_arn                = component.load_balancer.target_group_arn
    alternate_target_group_arn      = option.deployment == "blue-green" ? component.load_balancer.green_target_group_arn : null
    production_listener_rule_arn    = option.deployment == "blue-green" ? component.load_balancer.production_listener_rule_arn : null
    test_listener_rule_arn          = option.deployment == "blue-green" ? component.load_balancer.test_listener_rule_arn : null
    repository_url                  = component.registry.repository_url
    image_tag                       = var.image_tag
    container_port                  = var.container_port
    deployment                      = option.deployment
    deployment_alarms               = var.deployment_alarms
    own_alarms                      = option.deployment == "blue-green" && option.alarms ? [for alarm in ["alb-HTTPCode_ELB_5XX_Count", "alb-HTTPCode_Target_5XX_Count", "targets-HealthyHostCount"] : "${var.name}-${alarm}-alarm"] : [] # by name: they monitor the service, and so come after it
    external_deployment             = option.pipeline != "none"
    execute_command                 = option.execute_command
    autoscaling                     = true
    scaling                         = var.service_scaling
    service_connect                 = option.internal_services
    sidecars                        = option.sidecars
    datadog_site                    = var.service_datadog_site
    request_metric_label            = option.deployment == "rolling" ? "${component.load_balancer.arn_suffix}/${component.load_balancer.target_group_arn_suffix}" : null
    health_check_grace_period       = lookup({ laravel = 330, nuxt = 600 }, option.framework, 120)
    secrets                         = var.service_secrets
    architecture                    = var.service_architecture
    spot                            = option.spot
    files                           = option.file_system
    file_system_id                  = option.file_system ? component.files.file_system_id : null
    file_access_point_id            = option.file_system ? component.files.access_point_id : null
    database_proxy                  = option.database_proxy
    database_login                  = option.database != "none" && option.database_auth == "iam"
    database_resource_id            = option.database == "none" || option.database_auth != "iam" ? null : option.database_proxy ? component.database_proxy.resource_id : startswith(option.database, "aurora-") ? component.database.resource_id : component.database_instance.resource_id
    database_user                   = option.database == "none" || option.database_auth != "iam" ? null : startswith(option.database, "aurora-") ? component.database.application_user : component.database_instance.application_user
    log_retention_days              = var.log_retention_days
    aws_provider                    = option.aws_provider

    linked_secrets = merge(
      startswith(option.database, "aurora-") ? { DB_HOST = component.database.host_parameter_name } : {},
      contains(["mysql", "postgresql", "mariadb"], option.database) ? { DB_HOST = component.database_instance.host_parameter_name } : {},
      option.reader_endpoint ? { DB_READER_HOST = component.database.reader_host_parameter_name } : {},
      option.database_proxy ? { DB_HOST = component.database_proxy.host_parameter_name } : {},
      option.database_proxy && option.reader_endpoint ? { DB_READER_HOST = component.database_proxy.reader_host_parameter_name } : {},
      option.database != "none" && option.database_auth == "secret" ? { DB_PASSWORD = "/${var.name}/DB_PASSWORD" } : {},
      option.cache == "none" ? {} : { REDIS_HOST = component.cache.host_parameter_name },
    )

    linked_environment = merge(
      startswith(option.database, "aurora-") ? { DB_PORT = tostring(component.database.port), DB_NAME = component.database.database_name } : {},
      contains(["mysql", "postgresql", "mariadb"], option.database) ? { DB_PORT = tostring(component.database_instance.port), DB_NAME = component.database_instance.database_name } : {},
      option.database == "none" ? {} : { DB_SSL_MODE = endswith(option.database, "postgresql") ? "verify-full" : "VERIFY_IDENTITY" },
      startswith(option.database, "aurora-") && option.database_auth != "own" ? { DB_USER = component.database.application_user } : {},
      contains(["mysql", "postgresql", "mariadb"], option.database) && option.database_auth != "own" ? { DB_USER = component.database_instance.application_user } : {},
      option.cache == "none" ? {} : { REDIS_PORT = tostring(component.cache.port), REDIS_TLS = "true" },
      option.cache_auth == "iam" ? { REDIS_USER = component.cache.user_name } : {},
    )

    prerequisites = [
      component.identity.execution_policy_id,
      component.network.app_route_table_association_ids,
      option.outbound == "vpc-endpoints" ? [] : component.network.app_route_ids,
      component.network.s3_endpoint_id,
      component.network.interface_endpoint_ids,
      component.network.endpoint_rule_ids,
      startswith(option.database, "aurora-") ? [component.database.client_rule_id, component.database.server_rule_id] : [],
      contains(["mysql", "postgresql", "mariadb"], option.database) ? [component.database_instance.client_rule_id, component.database_instance.server_rule_id] : [],
      option.database_proxy ? [component.database_proxy.client_rule_id, component.database_proxy.server_rule_id, component.database_proxy.target_id] : [],
      option.cache == "none" ? [] : [component.cache.client_rule_id, component.cache.server_rule_id],
      option.file_system ? [component.files.mount_target_ids, component.files.policy_id, component.files.client_rule_id, component.files.server_rule_id] : [],
    ]
  }
}

component "codedeploy" {
  template = "codedeploy"
  when     = option.deployment == "codedeploy"
  with = {
    name                    = var.name
    cluster_name            = component.service.cluster_name
    service_name            = component.service.service_name
    listener_arn            = component.load_balancer.listener_arn
    test_listener_arn       = component.load_balancer.test_listener_arn
    target_group_name       = component.load_balancer.target_group_name
    green_target_group_name = component.load_balancer.green_target_group_name
    alarms                  = var.deployment_alarms
    own_alarms              = option.alarms ? component.monitoring.deployment_alarm_names : []
  }
}

component "internal" {
  template = "internal-services"
  file     = "internal-services.tf"
  when     = option.internal_services
  with = {
    name                       = var.name
    cluster_arn                = component.service.cluster_arn
    cluster_name               = component.service.cluster_name
    namespace_arn              = component.service.namespace_arn
    execution_role_arn         = component.identity.execution_role_arn
    log_group_name             = component.service.log_group_name
    vpc_id                     = component.network.vpc_id
    subnet_ids                 = component.network.app_subnet_ids
    client_security_group_id   = component.identity.security_group_id
    outbound                   = option.outbound
    given_network              = option.network == "existing"
    endpoint_security_group_id = option.outbound == "nat-gateway" ? null : component.network.endpoint_security_group_id
    s3_prefix_list_id          = component.network.s3_prefix_list_id
    dynamodb_prefix_list_ids   = component.network.dynamodb_prefix_list_ids
    execution_role_name        = component.identity.execution_role_name
    architecture               = var.service_architecture
    disposable                 = var.disposable

    prerequisites = [
      component.identity.execution_policy_id,
      component.network.app_route_table_association_ids,
      option.outbound == "vpc-endpoints" ? [] : component.network.app_route_ids,
      component.network.s3_endpoint_id,
      component.network.interface_endpoint_ids,
      component.network.endpoint_rule_ids,
      startswith(option.database, "aurora-") ? [component.database.client_rule_id, component.database.server_rule_id] : [],
      contains(["mysql", "postgresql", "mariadb"], option.database) ? [component.database_instance.client_rule_id, component.database_instance.server_rule_id] : [],
      option.database_proxy ? [component.database_proxy.client_rule_id, component.database_proxy.server_rule_id, component.database_proxy.target_id] : [],
      option.cache == "none" ? [] : [component.cache.client_rule_id, component.cache.server_rule_id],
    ]
  }
  expose = { services = "services" }
}

component "scheduled" {
  template = "scheduled-tasks"
  file     = "scheduled-tasks.tf"
  when     = option.scheduled_tasks
  with = {
    name                   = var.name
    cluster_arn            = component.service.cluster_arn
    cluster_name           = component.service.cluster_name
    service_name           = component.service.service_name
    deployment             = option.deployment
    task_definition_family = component.service.task_definition_family
    execution_role_arn     = component.identity.execution_role_arn
    task_role_arn          = component.identity.task_role_arn
    subnet_ids             = component.network.app_subnet_ids
    security_group_id      = component.identity.security_group_id
    time_zone              = option.home
  }
  expose = { tasks = "scheduled_tasks" }
}

component "operators" {
  template = "operator-access"
  when     = option.operator_policies
  with = {
    name                   = var.name
    cluster_arn            = component.service.cluster_arn
    cluster_name           = component.service.cluster_name
    service_name           = component.service.service_name
    task_definition_family = component.service.task_definition_family
    execution_role_arn     = component.identity.execution_role_arn
    task_role_arn          = component.identity.task_role_arn
    execute_command        = option.execute_command
  }
}

component "database" {
  template = "database"
  when     = startswith(option.database, "aurora-")
  with = {
    name                     = var.name
    engine                   = option.database
    vpc_id                   = component.network.vpc_id
    subnet_ids               = component.network.datastore_subnet_ids
    client_security_group_id = component.identity.security_group_id
    reader_endpoint          = option.reader_endpoint
    backup_retention_days    = 7
    maintenance_window       = var.maintenance_window
    backup_window            = var.database_backup_window
    time_zone                = option.database == "aurora-postgresql" ? option.home : home_mysql_time_zone(option.home)
    deletion_protection      = var.deletion_protection
    disposable               = var.disposable
    login                    = option.database_auth
    proxy                    = option.database_proxy
    log_retention_days       = var.log_retention_days
  }
}

# Outside Aurora. It shares names with the cluster, because only one of the two ever exists.
component "database_instance" {
  template = "database-instance"
  file     = "database.tf"
  prefix   = "database"
  when     = contains(["mysql", "postgresql", "mariadb"], option.database)
  with = {
    name                     = var.name
    engine                   = option.database == "postgresql" ? "postgres" : option.database
    vpc_id                   = component.network.vpc_id
    subnet_ids               = component.network.datastore_subnet_ids
    client_security_group_id = component.identity.security_group_id
    backup_retention_days    = 7
    maintenance_window       = var.maintenance_window
    backup_window            = var.database_backup_window
    time_zone                = option.database == "postgresql" ? option.home : home_mysql_time_zone(option.home)
    deletion_protection      = var.deletion_protection
    disposable               = var.disposable
    login                    = option.database_auth
    proxy                    = option.database_proxy
    log_retention_days       = var.log_retention_days
  }
  expose = {
    size           = "database_size"
    storage        = "database_storage"
    parameters     = "database_parameters"
    kms_key_arn    = "database_kms_key_arn"
    major_upgrade  = "database_major_upgrade"
    log_statements = "database_log_statements"
  }
}

component "database_proxy" {
  template = "database-proxy"
  file     = "database-proxy.tf"
  when     = option.database_proxy
  with = {
    name                       = var.name
    engine_family              = endswith(option.database, "postgresql") ? "POSTGRESQL" : "MYSQL"
    cluster_identifier         = startswith(option.database, "aurora-") ? component.database.cluster_identifier : null
    instance_identifier        = startswith(option.database, "aurora-") ? null : component.database_instance.identifier
    prerequisites              = startswith(option.database, "aurora-") ? component.database.instance_ids : []
    database_security_group_id = startswith(option.database, "aurora-") ? component.database.security_group_id : component.database_instance.security_group_id
    client_security_group_id   = component.identity.security_group_id
    port                       = startswith(option.database, "aurora-") ? component.database.port : component.database_instance.port
    vpc_id                     = component.network.vpc_id
    subnet_ids                 = component.network.datastore_subnet_ids
    login                      = option.database_auth
    database_resource_id       = option.database_auth != "iam" ? null : startswith(option.database, "aurora-") ? component.database.resource_id : component.database_instance.resource_id
    database_user              = option.database_auth != "iam" ? null : startswith(option.database, "aurora-") ? component.database.application_user : component.database_instance.application_user
    reader_endpoint            = option.reader_endpoint
    log_retention_days         = var.log_retention_days
    aws_provider               = option.aws_provider
  }
}

component "bastion" {
  template = "bastion"
  when     = option.bastion
  with = {
    name                       = var.name
    vpc_id                     = component.network.vpc_id
    subnet_ids                 = component.network.app_subnet_ids
    outbound                   = option.outbound
    given_network              = option.network == "existing"
    endpoint_security_group_id = option.outbound == "nat-gateway" ? null : component.network.endpoint_security_group_id
    database_security_group_id = startswith(option.database, "aurora-") ? component.database.security_group_id : component.database_instance.security_group_id
    port                       = startswith(option.database, "aurora-") ? component.database.port : component.database_instance.port

    prerequisites = [
      component.network.app_route_table_association_ids,
      option.outbound == "vpc-endpoints" ? [] : component.network.app_route_ids,
      component.network.interface_endpoint_ids,
      component.network.endpoint_rule_ids,
    ]
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
    client_security_group_id = component.identity.security_group_id
    client_role_name         = option.cache_auth == "iam" ? component.identity.task_role_name : null
    redis_version            = "7.1"
    valkey_version           = "8.2"
    cluster_mode             = option.cache_cluster_mode
    iam_authentication       = option.cache_auth == "iam"
    import                   = option.cache_import
    maintenance_window       = var.maintenance_window
    snapshot_window          = home_daily_window(option.home, "01:00", 60)
    log_retention_days       = var.log_retention_days
  }
}

component "pipeline" {
  template = "pipeline"
  when     = option.pipeline == "codepipeline"
  with = {
    name                   = var.name
    deployment             = option.deployment
    codedeploy_application = option.deployment == "codedeploy" ? component.codedeploy.application_name : null
    codedeploy_group       = option.deployment == "codedeploy" ? component.codedeploy.deployment_group_name : null
    architecture           = var.service_architecture
    repository_name        = component.registry.repository_name
    repository_arn         = component.registry.repository_arn
    cluster_name           = component.service.cluster_name
    service_name           = component.service.service_name
    container_name         = component.service.container_name
    container_port         = var.container_port
    task_definition_family = component.service.task_definition_family
    execution_role_arn     = component.identity.execution_role_arn
    task_role_arn          = component.identity.task_role_arn
    log_retention_days     = var.log_retention_days
  }
  expose = {
    repository          = "source_repository"
    repository_provider = "source_provider"
    branch              = "source_branch"
  }
}

component "monitoring" {
  template = "monitoring"
  when     = option.alarms
  with = {
    name                          = var.name
    blue_green                    = option.deployment != "rolling"
    cdn                           = option.cdn
    waf                           = option.waf
    dashboard                     = option.dashboard
    chatbot                       = option.chatbot
    load_balancer_arn_suffix      = component.load_balancer.arn_suffix
    target_group_arn_suffix       = component.load_balancer.target_group_arn_suffix
    green_target_group_arn_suffix = option.deployment == "rolling" ? null : component.load_balancer.green_target_group_arn_suffix
    cluster_name                  = component.service.cluster_name
    service_name                  = component.service.service_name
    log_group_name                = component.service.log_group_name
    database = (
      startswith(option.database, "aurora-") ? { DBClusterIdentifier = component.database.cluster_identifier } :
      option.database == "none" ? {} : { DBInstanceIdentifier = component.database_instance.identifier }
    )
    bastion             = option.bastion
    bastion_instance_id = option.bastion ? component.bastion.instance_id : null
    database_proxy      = option.database_proxy
    database_proxy_name = option.database_proxy ? component.database_proxy.proxy_name : null

    internal          = option.internal_services
    internal_services = option.internal_services ? component.internal.service_names : {}
    scheduled         = option.scheduled_tasks
    schedule_group    = option.scheduled_tasks ? component.scheduled.group_name : null
    state_machine_arn = option.scheduled_tasks ? component.scheduled.state_machine_arn : null
    pipeline          = option.pipeline == "codepipeline"
    pipeline_name     = option.pipeline == "codepipeline" ? var.name : null # by name: CodeDeploy, which the pipeline needs, depends on the alarms

    cache           = option.cache != "none"
    cache_nodes     = option.cache == "none" ? [] : component.cache.node_ids
    nat             = option.network == "new" && option.outbound != "vpc-endpoints"
    nat_gateway_ids = component.network.nat_gateway_ids
    distribution_id = option.cdn ? component.cdn.distribution_id : null
    web_acl_name    = option.waf ? component.waf.name : null
    aws_provider    = option.aws_provider
  }
  expose = {
    emails      = "alarm_emails"
    thresholds  = "alarm_thresholds"
    log_pattern = "alarm_log_pattern"
    slack       = "alarm_slack"
  }
}

# Outputs

output "url" {
  description = "Address of the application."
  value       = "https://${component.dns.fqdn}"
}

output "distribution_id" {
  description = "ID of the CloudFront distribution, for invalidations."
  value       = component.cdn.distribution_id
  when        = option.cdn
}

output "log_bucket" {
  description = "Name of the bucket of access logs."
  value       = component.logs.bucket_id
}

output "static_bucket" {
  description = "Name of the bucket of static files, to upload to."
  value       = component.static_files.bucket_id
  when        = option.static_files == "bucket"
}

output "name_servers" {
  description = "Name servers of the hosted zone, for the registrar of the domain."
  value       = component.zone.name_servers
  when        = option.hosted_zone == "new"
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

output "test_listener" {
  description = "Host and port of the test listener, which shows a new version before users see it."
  value       = component.load_balancer.test_address
  when        = option.deployment != "rolling"
}

output "codedeploy_application_name" {
  description = "Name of the CodeDeploy application, and of its deployment group."
  value       = component.codedeploy.application_name
  when        = option.deployment == "codedeploy"
}

output "run_task_policy_arn" {
  description = "Policy for people who run one-off tasks."
  value       = component.operators.run_task_policy_arn
  when        = option.operator_policies
}

output "execute_command_policy_arn" {
  description = "Policy for people who open a shell in a container."
  value       = component.operators.execute_command_policy_arn
  when        = option.operator_policies && option.execute_command
}

output "task_role_name" {
  description = "Name of the application's role, to attach permissions to."
  value       = component.identity.task_role_name
}

output "database_endpoint" {
  description = "Host of the database's writer."
  value       = startswith(option.database, "aurora-") ? component.database.endpoint : component.database_instance.endpoint
  when        = option.database != "none"
}

output "database_identifier" {
  description = "Identifier of the database, used in its runbooks."
  value       = startswith(option.database, "aurora-") ? component.database.cluster_identifier : component.database_instance.identifier
  when        = option.database != "none"
}

output "database_secret_arn" {
  description = "Secret that contains the database's master password."
  value       = startswith(option.database, "aurora-") ? component.database.master_user_secret_arn : component.database_instance.master_user_secret_arn
  when        = option.database != "none"
}

output "database_reader_endpoint" {
  description = "Host that distributes reads across the database's readers."
  value       = component.database.reader_endpoint
  when        = option.reader_endpoint
}

output "database_proxy_endpoint" {
  description = "Host of the database's proxy, where the application connects."
  value       = component.database_proxy.endpoint
  when        = option.database_proxy
}

output "bastion_instance_id" {
  description = "Instance through which people open a tunnel to the database."
  value       = component.bastion.instance_id
  when        = option.bastion
}

output "bastion_connect_policy_arn" {
  description = "Policy for people who open a tunnel to the database."
  value       = component.bastion.connect_policy_arn
  when        = option.bastion
}

output "cache_endpoint" {
  description = "Host of the cache's primary, or of its cluster."
  value       = component.cache.primary_endpoint
  when        = option.cache != "none"
}

output "pipeline_name" {
  description = "Name of the pipeline that deploys new versions."
  value       = component.pipeline.pipeline_name
  when        = option.pipeline == "codepipeline"
}

output "pipeline_connection_arn" {
  description = "Connection to the source repository, which someone must approve once."
  value       = component.pipeline.connection_arn
  when        = option.pipeline == "codepipeline"
}

output "alarm_topic_arn" {
  description = "SNS topic that alarms are sent to, for subscriptions."
  value       = component.monitoring.topic_arn
  when        = option.alarms
}

# Profiles: the values that differ by environment

profile "dev" {
  description = "Small, cheap and easy to throw away."

  values = {
    name = "example-dev" # why: names are unique in an account, and two environments may share one

    deletion_protection                  = false                                           # why: development environments are short-lived
    disposable                           = true                                            # why: nothing in it is worth keeping
    nat_gateways                         = "single"                                        # why: development can lose outbound access with a zone
    log_retention_days                   = 30                                              # why: enough to look back a week
    service_scaling                      = { desired = 1, min = 1, max = 2 }               # why: one task is enough for development
    database_size                        = { class = "db.t4g.medium", instances = 1 }      # notes: aurora.burstable-instance-class a burstable class
    database_mysql_version               = "8.0"                                           # notes: aurora.minor-version-rollout, aurora.auto-minor-version-upgrade automatic in development, which comes first
    database_postgresql_version          = "17"                                            # notes: aurora.minor-version-rollout, aurora.auto-minor-version-upgrade automatic in development, which comes first
    database_instance_mysql_version      = "8.4"                                           # notes: aurora.minor-version-rollout, aurora.auto-minor-version-upgrade automatic in development, which comes first
    database_instance_postgresql_version = "17"                                            # notes: aurora.minor-version-rollout, aurora.auto-minor-version-upgrade automatic in development, which comes first
    database_instance_mariadb_version    = "11.8"                                          # notes: aurora.minor-version-rollout, aurora.auto-minor-version-upgrade automatic in development, which comes first
    cache_size                           = { node_type = "cache.t4g.micro", replicas = 0 } # why: there is little to cache, and losing sessions is acceptable
  }
}

profile "stg" {
  description = "Like production, in smaller size."

  values = {
    name = "example-stg" # why: names are unique in an account, and two environments may share one

    deletion_protection = true                                            # notes: aurora.deletion-protection on, because deleting the cluster deletes its volume
    log_retention_days  = 90                                              # why: covers the tests of several releases
    service_scaling     = { desired = 2, min = 2, max = 4 }               # why: shows what breaks with more than one task
    database_size       = { class = "db.t4g.medium", instances = 2 }      # notes: aurora.burstable-instance-class, aurora.failover-replica-in-other-az burstable, with a replica in another zone
    cache_size          = { node_type = "cache.t4g.small", replicas = 1 } # notes: elasticache-redis.replica-count-multi-az one replica in another zone
  }
}

profile "prd" {
  description = "Production: protected, redundant, sized for users."

  values = {
    name = "example-prd" # why: names are unique in an account, and two environments may share one

    deletion_protection = true                                            # notes: aurora.deletion-protection on, because deleting the cluster deletes its volume
    log_retention_days  = 365                                             # why: a fault or an attack is often found months later
    service_size        = { cpu = 512, memory = 1024 }                    # notes: codedeploy.taskdef-cpu, codedeploy.taskdef-memory 512 units and 1024 MiB
    service_scaling     = { desired = 4, min = 2, max = 6 }               # notes: ecs-fargate.autoscaling-example-values 2 to 6 tasks
    database_size       = { class = "db.r7g.large", instances = 2 }       # departs: aurora.burstable-instance-class burstable classes are for development
    cache_size          = { node_type = "cache.t4g.small", replicas = 1 } # notes: elasticache-redis.replica-count-multi-az one replica in another zone
    alarm_thresholds    = { "database-DatabaseConnections" = 800 }        # why: db.r7g.large takes 1000

    database_log_statements = false # departs: aurora.param-general-log the log of statements holds personal data
  }
}

example {
  values = {
    name                 = "example"
    domain_name          = "www.example.com"
    hosted_zone_id       = "Z0123456789ABCDEFGHIJ"
    zone_domain_name     = "example.com"
    origin_secrets       = ["onlyAnExampleOnlyAnExampleOnlyAnExample"]
    waf_office_addresses = { company = ["203.0.113.0/24"] }
    waf_access_token     = "onlyAnExampleOnlyAnExampleOnlyAnExample"
    image_tag            = "1f0c2d3"
    source_repository    = "example/web"
    alarm_slack          = { workspace_id = "T0123ABCDEF", channel_id = "C0123ABCDEF" }

    load_balancer_ingress_cidr_blocks = ["203.0.113.0/24"]

    network = {
      vpc_id                     = "vpc-0123456789abcdef0"
      app_subnet_ids             = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
      datastore_subnet_ids       = ["subnet-0123456789abcdef2", "subnet-0123456789abcdef3"]
      public_subnet_ids          = ["subnet-0123456789abcdef4", "subnet-0123456789abcdef5"]
      endpoint_security_group_id = "sg-0123456789abcdef0"
      s3_prefix_list_id          = "pl-0123456789abcdef0"
    }
  }
}

# Where the rendering differs from the notes, because they are out of date or unsafe

deviation "load-balancer-not-public" {
  notes    = ["security-group.alb-source", "security-group.alb-http", "security-group.alb-https"]
  when     = option.cdn && option.origin == "vpc-origin"
  rendered = "The load balancer is internal and CloudFront reaches it through a VPC origin."
  reason   = "A load balancer open to 0.0.0.0/0 can be reached without CloudFront and its WAF; VPC origins did not exist when the notes were written."
  restore  = "Render with origin = \"prefix-list\", set cidr_ipv4 = \"0.0.0.0/0\" in the ingress rule of the load balancer, and let the listener forward every request."
}

deviation "load-balancer-for-cloudfront-only" {
  notes    = ["security-group.alb-source", "security-group.alb-http", "security-group.alb-https"]
  when     = option.origin == "prefix-list"
  rendered = "The load balancer accepts only CloudFront's addresses, and only requests with a secret header."
  reason   = "A load balancer open to 0.0.0.0/0 can be reached without CloudFront and its WAF."
  restore  = "Set cidr_ipv4 = \"0.0.0.0/0\" in the ingress rule of the load balancer, and let the listener forward every request."
}

deviation "outbound-not-open" {
  notes    = ["security-group.egress-all"]
  rendered = "Security groups allow only the outbound traffic that a component needs, by port and destination."
  reason   = "Full access would let a compromised task connect anywhere; the notes give it as an example."
  restore  = "Add an aws_vpc_security_group_egress_rule with ip_protocol = \"-1\" and cidr_ipv4 = \"0.0.0.0/0\"."
}

deviation "no-bastion" {
  notes    = ["security-group.bastion-ssh", "security-group.app-ec2-ssh-from-bastion"]
  rendered = "No port for SSH is open, not even on a bastion."
  reason   = "A Fargate task has no SSH server; Session Manager opens a shell in a task (execute_command) or a tunnel through a bastion (bastion), needs no open port and leaves an audit trail."
  restore  = "Add an instance with a security group that allows TCP 22 from the office, and allow TCP 22 from that group on its targets (the notes mistakenly say 443 there)."
}

deviation "log-bucket-not-public" {
  notes    = ["s3.cloudfront-log-public-access"]
  when     = option.cdn
  rendered = "Public access to the log bucket is blocked; CloudFront writes through an ACL grant."
  reason   = "CloudFront's logs need ACLs on the bucket, not public access, which would expose them."
  restore  = "Not recommended; if you must, change the aws_s3_bucket_public_access_block of the log bucket."
}

deviation "alb-log-service-principal" {
  notes    = ["s3.alb-log-account-id"]
  rendered = "The bucket policy names the service principal of load balancer logs."
  reason   = "Account IDs by region are the older form and do not exist for newer regions."
  restore  = "Use the Elastic Load Balancing account of your region as the principal of the bucket policy, arn:aws:iam::<account>:root; the notes give the one of their region."
}

deviation "waf-logs-to-cloudwatch" {
  notes    = ["waf.logging-destination"]
  when     = option.waf
  rendered = "WAF writes its logs to CloudWatch Logs."
  reason   = "Since 2021 no delivery stream is needed in between."
  restore  = "Point aws_wafv2_web_acl_logging_configuration to a Firehose stream whose name starts with aws-waf-logs-."
}

deviation "static-files-by-access-control" {
  notes    = ["cloudfront.origin-access-identity", "s3.cloudfront-read-bucket-policy"]
  when     = option.static_files == "bucket"
  rendered = "CloudFront reads the bucket with an origin access control, and the policy names the distribution."
  reason   = "The origin access identity is its predecessor: it supports neither newer regions nor KMS encryption."
  restore  = "Use aws_cloudfront_origin_access_identity in s3_origin_config, and its iam_arn as the principal of the policy."
}

deviation "error-pages-of-the-application" {
  notes    = ["cloudfront.custom-error-403-to-404"]
  when     = option.cdn && !option.error_pages
  rendered = "CloudFront passes on the errors of the application."
  reason   = "Only a bucket answers 403 for a missing file; the 403 of the application and of WAF would be shown as 404 too."
  restore  = "Render with error_pages = true."
}

deviation "user-agents-by-header" {
  notes    = ["waf.rule-block-user-agents"]
  when     = option.block_user_agents
  rendered = "The rule inspects the User-Agent header."
  reason   = "The notes' table names the URI path, which contains no user agent."
  restore  = "Nothing to restore: the notes' value does not work."
}

deviation "log-alarm-from-error" {
  notes    = ["cloudwatch-logs.filter-pattern-levels", "cloudwatch-logs.filter-pattern-level-colon"]
  when     = option.alarms
  rendered = "The log alarm fires for errors and worse, not for warnings."
  reason   = "A warning is something the application has handled; people who are paged for each one soon ignore all of them."
  restore  = "Put ?\"WARNING:\" ?\"Warning:\" in front of the terms of alarm_log_pattern."
}

deviation "codedeploy-task-definition-made" {
  notes    = ["codedeploy.taskdef-path", "codedeploy.taskdef-json"]
  when     = option.pipeline == "codepipeline" && option.deployment == "codedeploy"
  rendered = "The build creates taskdef.json from the newest revision of the task definition, which Terraform manages."
  reason   = "A copy in the application's repository goes stale when Terraform changes a secret, a size or a role."
  restore  = "Commit taskdef.json, and set TaskDefinitionTemplateArtifact to source in pipeline.tf."
}

deviation "ecs-native-blue-green" {
  notes    = ["ecs-fargate.deploy-blue-green-codedeploy"]
  when     = option.deployment == "blue-green"
  rendered = "ECS itself switches between the target groups."
  reason   = "Since 2025 ECS does blue/green without CodeDeploy, so nothing else is needed."
  restore  = "Set the option deployment to codedeploy."
}

deviation "deployment-keeps-capacity" {
  notes    = ["ecs-fargate.minimum-healthy-percent"]
  rendered = "At least 100 % of the tasks stay healthy during a deployment."
  reason   = "The notes' 50 % is an illustration; with it a deployment at peak time halves the capacity."
  restore  = "Set deployment_minimum_healthy_percent = 50 on the service."
}

deviation "short-names" {
  notes    = ["ecs-fargate.resource-names"]
  rendered = "The cluster, the service and the task definition are all named after the variable name."
  reason   = "The kind is clear from the context, and names of load balancers and roles are short."
  restore  = "Set name to stg-foo, and use \"$${var.name}-ecs-service\" and so on in service.tf."
}

deviation "log-datetime-format" {
  notes    = ["ecs-fargate.awslogs-datetime-format"]
  when     = contains(["none", "datadog"], option.sidecars)
  rendered = "Every line of the log is its own event."
  reason   = "With a format that does not match, as with JSON logs, hundreds of lines end up in one event, and alarms miscount."
  restore  = "Set service_log_datetime_format = \"\\\\[%Y-%m-%d %H:%M:%S\\\\]\"."
}

deviation "targets-by-private-address" {
  notes    = ["alb.target-type-ip-static"]
  rendered = "Targets are private addresses that ECS registers and removes."
  reason   = "A load balancer refuses public addresses as targets, and those of tasks change with every deployment."
  restore  = "Nothing to restore: the notes' value does not work."
}

deviation "tasks-admit-the-load-balancer-only" {
  notes    = ["alb.target-sg-allows-vpc-range"]
  rendered = "Tasks allow the load balancer's security group, not the VPC's address range."
  reason   = "The range would let anything in the VPC connect to the tasks; elsewhere the notes themselves prefer the group."
  restore  = "Replace referenced_security_group_id with cidr_ipv4, the VPC's address range, in the ingress rule of the service."
}

deviation "datadog-permissions-on-task-role" {
  notes    = ["ecs-fargate.datadog-agent-policy"]
  when     = contains(["datadog", "both"], option.sidecars)
  rendered = "The permissions of the Datadog agent are on the task role."
  reason   = "The agent runs inside the task and uses the task role; on the execution role they have no effect."
  restore  = "Nothing to restore: the notes' value does not work."
}

deviation "one-off-tasks-pass-two-roles" {
  notes    = ["ecs-fargate.run-task-iam-policy", "ecs-fargate.run-task-user-minimum-permission"]
  when     = option.operator_policies
  rendered = "The policy allows passing only the two task roles, only to ECS tasks, and belongs to a role, not to a user with keys."
  reason   = "With iam:PassRole on role/* a task could be started with any role of the account."
  restore  = "Not recommended; if you must, use arn:aws:iam::<account>:role/* in the policy run_task."
}

deviation "exec-permissions-on-task-role" {
  notes    = ["ecs-fargate.exec-policy-on-task-execution-role"]
  when     = option.execute_command
  rendered = "The permissions of ECS Exec are on the task role."
  reason   = "The agent runs inside the container and uses the task role; on the execution role they have no effect."
  restore  = "Nothing to restore: the notes' value does not work."
}

deviation "database-by-security-group" {
  notes    = ["aurora.cluster-security-group"]
  when     = option.database != "none"
  rendered = "The database allows the service's security group."
  reason   = "Task addresses change with every deployment; the notes themselves prefer a security group in such a case."
  restore  = "Replace referenced_security_group_id with cidr_ipv4 in the rule of the database."
}

deviation "database-instance-class" {
  notes    = ["aurora.burstable-instance-class"]
  when     = option.database != "none"
  profile  = "prd"
  rendered = "envs/prd.tfvars chooses db.r7g.large; the default stays burstable."
  reason   = "AWS recommends the burstable classes for development and test only."
  restore  = "Set the class of database_size to db.t4g.medium in envs/prd.tfvars."
}

deviation "database-statements-not-logged" {
  notes    = ["aurora.param-general-log"]
  when     = contains(["aurora-mysql", "mysql", "mariadb"], option.database)
  profile  = "prd"
  rendered = "envs/prd.tfvars turns the general log off; the default keeps it on."
  reason   = "It contains every value, including personal data and passwords, slows the writer, and is billed by the GB."
  restore  = "Set database_log_statements = true in envs/prd.tfvars."
}

deviation "database-audit-log-by-export" {
  notes    = ["aurora.param-server-audit-logs-upload"]
  when     = option.database == "aurora-mysql"
  rendered = "The audit log reaches CloudWatch Logs through the export \"audit\"; the parameter is not set."
  reason   = "The parameter is the older way, needs its own role (aws_default_logs_role) and uploads the same as the export."
  restore  = "Set server_audit_logs_upload = \"1\" in database_parameters, and give the cluster that role."
}

deviation "database-password-managed" {
  notes    = ["aurora.master-password"]
  when     = option.database != "none"
  rendered = "Secrets Manager generates and rotates the master password."
  reason   = "A password set by the user would be stored in the state."
  restore  = "Set master_password_wo and its version instead of manage_master_user_password."
}

deviation "database-one-writer" {
  notes    = ["aurora.replication-topology", "aurora.multi-master-tradeoff"]
  when     = startswith(option.database, "aurora-")
  rendered = "The cluster has one writer."
  reason   = "Clusters with several writers existed only for MySQL 5.6, which Aurora dropped in 2023."
  restore  = "Nothing to restore: such a cluster can no longer be created."
}

deviation "database-dynamic-parameters" {
  notes    = ["aurora.parameter-apply-type"]
  when     = option.database != "none"
  rendered = "Dynamic parameters are applied at once."
  reason   = "The notes have it backwards: static parameters need a restart, dynamic ones do not."
  restore  = "Nothing to restore; set apply_method to pending-reboot for static parameters."
}

deviation "codebuild-current-commands" {
  notes    = ["codebuild.buildspec", "codebuild.docker-runtime", "codebuild.ecr-login"]
  when     = option.pipeline == "codepipeline"
  rendered = "buildspec.yml logs in with get-login-password, sets no Docker runtime and builds each commit once."
  reason   = "The notes' phases, login and runtime no longer exist, and immutable tags reject a second push."
  restore  = "Nothing to restore: the notes' file does not run."
}

deviation "connection-instead-of-codecommit" {
  notes    = ["codepipeline.chain", "codepipeline.source-provider"]
  when     = option.pipeline == "codepipeline"
  rendered = "The source comes from GitHub, GitLab or Bitbucket through a connection; ECS deploys, or CodeDeploy with deployment = \"codedeploy\"."
  reason   = "CodeCommit was closed to new customers in 2024, and CodeDeploy has no rolling update for ECS."
  restore  = "Change the provider of the source action to CodeCommit with RepositoryName and BranchName, and allow its role codecommit:GetBranch, GetCommit, UploadArchive, GetUploadArchiveStatus and CancelUploadArchive."
}

deviation "container-insights-by-cluster" {
  notes    = ["cloudwatch-metrics.container-insights-account-setting"]
  rendered = "The cluster itself turns Container Insights on."
  reason   = "The account setting is only the default of new clusters, and it affects other teams' clusters as well."
  restore  = "Add an aws_ecs_account_setting_default with name = \"containerInsights\" and value = \"enabled\"."
}

deviation "images-kept" {
  notes    = ["iam.ecr-lifecycle-policy"]
  rendered = "The newest 30 images are kept."
  reason   = "The notes' ten may all be newer than the running version, and a rollback needs its image."
  restore  = "Set countNumber = 10 in aws_ecr_lifecycle_policy, in one rule for untagged images and one for any image."
}

deviation "overrides-as-json" {
  notes    = ["ecs-fargate.run-task-override-escaping"]
  rendered = "Overrides of one-off tasks are plain JSON, which jq writes."
  reason   = "ECS does not support regular expressions there: the notes repeat the sentence about date formats."
  restore  = "Nothing to restore: the notes' value does not work."
}

deviation "region-of-the-command-line" {
  notes    = ["iam.cli-configure-region-key", "iam.cli-env-region-name"]
  rendered = "The runbook names the key region, and both AWS_DEFAULT_REGION and AWS_REGION."
  reason   = "The key aws_default_region is stored and never read, and version 2 of the command line reads AWS_REGION first."
  restore  = "Nothing to restore: the notes' key does not work."
}

deviation "service-names-by-service-connect" {
  notes    = ["ecs-fargate.service-discovery"]
  when     = option.internal_services
  rendered = "Services find each other by Service Connect, in a name space without DNS records."
  reason   = "Its proxies skip a failing task at once; a DNS record is trusted until it expires."
  restore  = "Add an aws_service_discovery_private_dns_namespace, a service in it, and service_registries to the ECS service."
}

deviation "parameters-read-by-execution-role" {
  notes    = ["ecs-fargate.task-role-ssm-policy"]
  rendered = "The execution role may read the parameters of the system; the task role may not."
  reason   = "ECS reads secrets before the container starts, with the execution role; the application gets them as environment variables."
  restore  = "Attach a policy with ssm:GetParameters to the task role, if the application calls Parameter Store itself."
}

deviation "master-user-fixed" {
  notes    = ["aurora.master-username"]
  when     = option.database != "none"
  rendered = "The master user is called dbadmin."
  reason   = "It is only used to create other users, and the name cannot be changed afterwards."
  restore  = "Set another master_username before the first apply."
}
