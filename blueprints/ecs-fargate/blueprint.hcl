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

# Variables of the whole system

variable "name" {
  description = "Name of the system, and prefix of every resource name."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name)) && !can(regex("--|^(aws|ssm|sg-|internal-)", var.name))
    error_message = "The name must be 3 to 20 lower-case letters, digits and single hyphens, start with a letter and not end with a hyphen. AWS reserves names that start with aws, ssm, sg- or internal-."
  }
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

# Parts, which bring options, variables, components and outputs of their own

include "domain" {}

include "edge" {
  with = {
    load_balancer_arn      = component.load_balancer.arn
    load_balancer_dns_name = component.load_balancer.dns_name
    load_balancer_zone_id  = component.load_balancer.zone_id
  }
}

include "network" {
  with = {
    endpoints            = concat(["ecr.api", "ecr.dkr", "logs", "ssm"], option.execute_command || option.bastion ? ["ssmmessages"] : [])
    secrets_endpoint     = strcontains(jsonencode(var.service_secrets), ":secretsmanager:")
    app_addresses        = 2 * ceil(var.service_scaling.max / option.zones)
    shell_endpoint       = option.execute_command || option.bastion
    public_load_balancer = !option.cdn || option.origin == "prefix-list"
    load_balancer_tier   = option.cdn ? "app" : "public"
    vpc_origin           = option.cdn && option.origin == "vpc-origin"
    ipv6                 = option.ipv6
    datastores           = option.database != "none" || option.cache != "none"
  }
}

include "load-balancer" {
  with = {
    target_port                   = var.container_port
    deployment                    = option.deployment
    test_client                   = option.deployment != "rolling" && option.execute_command
    test_client_security_group_id = option.deployment != "rolling" && option.execute_command ? component.identity.security_group_id : null
  }
}

include "datastores" {
  with = {
    client_security_group_id = component.identity.security_group_id
    client_role_name         = component.identity.task_role_name
  }
}

include "operations" {
  with = {
    alarms = concat(
      [component.load_balancer.alarms, component.service.alarms],
      option.scheduled_tasks ? [component.scheduled.alarms] : [],
      # By name: CodeDeploy, which the pipeline needs, depends on the alarms.
      option.pipeline == "codepipeline" ? [{
        pipeline = {
          namespace  = "AWS/CodePipeline"
          dimensions = { PipelineName = var.name }
          metrics = {
            FailedPipelineExecutions = { statistic = "Sum", is = "above", threshold = 0, minutes = 1 } # why: a new version is not being deployed
          }
        }
      }] : [],
      option.database == "none" ? [] : [component.database.alarms],
      option.database_proxy ? [component.database_proxy.alarms] : [],
      option.waf && !option.cdn ? [component.waf.alarms] : [],
      option.internal_services ? [component.internal.alarms] : [],
      option.cache == "none" ? [] : [component.cache.alarms],
      option.network == "new" && option.outbound != "vpc-endpoints" ? [component.network.alarms] : [],
    )

    edge        = option.cdn
    edge_alarms = concat([component.cdn.alarms], option.waf ? [component.waf.alarms] : [])

    log_group_name  = component.service.log_group_name
    deployment_keys = ["alb-HTTPCode_ELB_5XX_Count", "alb-HTTPCode_Target_5XX_Count"]
    blue_green      = option.deployment != "rolling"

    subjects = concat(
      ["alb", "service"],
      startswith(option.database, "aurora-") ? ["cluster"] : option.database == "none" ? [] : ["instance"],
      option.database_proxy ? ["proxy"] : [],
      option.cache == "none" ? [] : ["cache"],
      option.network == "new" && option.outbound != "vpc-endpoints" ? ["nat"] : [],
      option.cdn ? ["cdn"] : [],
      option.waf ? ["waf"] : [],
      option.internal_services ? ["internal"] : [],
      option.scheduled_tasks ? ["scheduled"] : [],
      option.pipeline == "codepipeline" ? ["pipeline"] : [],
    )
  }
}

# Options of the service

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

option "execute_command" {
  type        = bool
  default     = false
  description = "Allow people to open a shell in a container (ECS Exec)."
  why         = "a shell in a running system is an exception"
}

option "file_system" {
  type        = bool
  default     = false
  description = "Give the tasks a file system that they share (EFS), for applications that keep users' files in a directory."
  why         = "users' files belong in S3, which costs a tenth and needs no mount"
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
  description = "Create IAM policies for people who run one-off tasks or, with execute_command, open a shell."
  why         = "in most accounts people get their permissions from elsewhere"
}

option "pipeline" {
  type        = string
  one_of      = ["none", "external", "codepipeline"]
  default     = "none"
  description = "What deploys new versions: Terraform (none), a pipeline outside this module (external), or CodePipeline and CodeBuild (codepipeline). With a pipeline, Terraform does not touch the running task definition."
  why         = "Terraform can deploy without another tool"
}

validation {
  condition     = option.origin == "vpc-origin" || option.deployment != "codedeploy"
  error_message = "origin = \"prefix-list\" cannot be used with deployment = \"codedeploy\": CodeDeploy changes the listener's default action, which must reject requests here."
}

# Variables that several components share

variable "image_tag" {
  description = "Tag of the image to run, ideally the commit it was built from. Empty while there is no image, as during the first apply; then no task starts. It has no default, so that no apply removes the image by mistake."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^([A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?$", var.image_tag)) && var.image_tag != "latest" # notes: ecr.no-latest-tag, ecr.hash-tag latest does not say what is running
    error_message = "The tag must be empty, or up to 128 letters, digits, underscores, periods and hyphens, must not start with a period or hyphen, and must not be latest."
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

variable "service_datadog_site" {
  description = "Datadog site that the agent reports to."
  type        = string
  default     = startswith(option.home, "Asia/") ? "ap1.datadoghq.com" : startswith(option.home, "Australia/") ? "ap2.datadoghq.com" : startswith(option.home, "Europe/") ? "datadoghq.eu" : "datadoghq.com" # why: the site in the users' part of the world
  nullable    = false
}

variable "deployment_alarms" {
  description = "Names of CloudWatch alarms that stop and roll back a deployment when they fire. Empty for none; null for the load balancer alarms that this module creates for blue/green deployments."
  type        = list(string)
  default     = null # why: a rolling update has a circuit breaker; blue/green has no other check for a bad version
}

# Components

component "registry" {
  template = "registry"
  with = {
    name        = var.name
    images_kept = 30 # enough to roll back by several weeks
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
    database_resource_id            = option.database == "none" || option.database_auth != "iam" ? null : option.database_proxy ? component.database_proxy.resource_id : component.database.resource_id
    database_user                   = option.database == "none" || option.database_auth != "iam" ? null : component.database.application_user
    log_retention_days              = var.log_retention_days
    aws_provider                    = option.aws_provider

    linked_secrets = merge(
      {},
      option.database == "none" ? {} : { DB_HOST = component.database.host_parameter_name },
      option.reader_endpoint ? { DB_READER_HOST = component.database.reader_host_parameter_name } : {},
      option.database_proxy ? { DB_HOST = component.database_proxy.host_parameter_name } : {},
      option.database_proxy && option.reader_endpoint ? { DB_READER_HOST = component.database_proxy.reader_host_parameter_name } : {},
      option.database != "none" && option.database_auth == "secret" ? { DB_PASSWORD = "/${var.name}/DB_PASSWORD" } : {},
      option.cache == "none" ? {} : { REDIS_HOST = component.cache.host_parameter_name },
    )

    linked_environment = merge(
      {}, # an object first: the arguments that follow may all be maps, and maps alone are not merged
      option.database == "none" ? {} : { DB_PORT = tostring(component.database.port), DB_NAME = component.database.database_name },
      option.database == "none" ? {} : { DB_SSL_MODE = endswith(option.database, "postgresql") ? "verify-full" : "VERIFY_IDENTITY" },
      option.database == "none" || option.database_auth == "own" ? {} : { DB_USER = component.database.application_user },
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
      option.database == "none" ? [] : [component.database.client_rule_id, component.database.server_rule_id],
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
      option.database == "none" ? [] : [component.database.client_rule_id, component.database.server_rule_id],
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

# Outputs

output "network" {
  description = "The network, for other modules that are deployed into it."
  value       = component.network.network
  when        = option.network == "new"
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

# Profiles: the values that differ by environment

profile "dev" {
  description = "Small, cheap and easy to throw away."

  values = {
    name = "example-dev" # why: names are unique in an account, and two environments may share one

    deletion_protection                  = false                                           # why: development environments are short-lived
    disposable                           = true                                            # why: nothing in it is worth keeping
    nat_gateways                         = "single"                                        # why: losing outbound access with a zone is acceptable in development
    log_retention_days                   = 30                                              # why: enough to look back a week
    service_scaling                      = { desired = 1, min = 1, max = 2 }               # why: one task is enough for development
    database_size                        = { class = "db.t4g.medium", instances = 1 }      # notes: aurora.burstable-instance-class a burstable class
    database_mysql_version               = "8.0"                                           # notes: aurora.minor-version-rollout, aurora.auto-minor-version-upgrade automatic in development, which is upgraded first
    database_postgresql_version          = "17"                                            # notes: aurora.minor-version-rollout, aurora.auto-minor-version-upgrade automatic in development, which is upgraded first
    database_instance_mysql_version      = "8.4"                                           # notes: aurora.minor-version-rollout, aurora.auto-minor-version-upgrade automatic in development, which is upgraded first
    database_instance_postgresql_version = "17"                                            # notes: aurora.minor-version-rollout, aurora.auto-minor-version-upgrade automatic in development, which is upgraded first
    database_instance_mariadb_version    = "11.8"                                          # notes: aurora.minor-version-rollout, aurora.auto-minor-version-upgrade automatic in development, which is upgraded first
    cache_size                           = { node_type = "cache.t4g.micro", replicas = 0 } # why: there is little to cache, and losing sessions is acceptable
  }
}

profile "stg" {
  description = "Like production, but smaller."

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
    alarm_thresholds    = { "database-DatabaseConnections" = 800 }        # why: db.r7g.large allows 1000

    database_log_statements = false # departs: aurora.param-general-log the log of statements contains personal data
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

deviation "no-bastion" {
  notes    = ["security-group.bastion-ssh", "security-group.app-ec2-ssh-from-bastion"]
  rendered = "No port for SSH is open, not even on a bastion."
  reason   = "A Fargate task has no SSH server; Session Manager opens a shell in a task (execute_command) or a tunnel through a bastion (bastion), needs no open port and leaves an audit trail."
  restore  = "Add an instance with a security group that allows TCP 22 from the office, and allow TCP 22 from that group on its targets (the notes mistakenly say 443 there)."
}
