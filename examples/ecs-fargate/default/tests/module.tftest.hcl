mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = { names = ["ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d"] }
  }

  mock_resource "aws_acm_certificate" {
    defaults = {
      arn = "arn:aws:acm:ap-northeast-1:123456789012:certificate/example"
      domain_validation_options = [{
        domain_name           = "example.com"
        resource_record_name  = "_a.example.com."
        resource_record_type  = "CNAME"
        resource_record_value = "_b.acm-validations.aws."
      }]
    }
  }

  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:ap-northeast-1:123456789012:log-group:example" }
  }

  mock_resource "aws_elasticache_replication_group" {
    defaults = { arn = "arn:aws:elasticache:ap-northeast-1:123456789012:replicationgroup:example-cache" }
  }

  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::123456789012:role/example" }
  }

  mock_resource "aws_kms_key" {
    defaults = { arn = "arn:aws:kms:ap-northeast-1:123456789012:key/example" }
  }

  mock_resource "aws_lb" {
    defaults = { arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:loadbalancer/app/example/0123456789abcdef" }
  }

  mock_resource "aws_lb_target_group" {
    defaults = { arn = "arn:aws:elasticloadbalancing:ap-northeast-1:123456789012:targetgroup/example/0123456789abcdef" }
  }

  mock_resource "aws_sns_topic" {
    defaults = { arn = "arn:aws:sns:ap-northeast-1:123456789012:example" }
  }

  mock_resource "aws_wafv2_web_acl" {
    defaults = { arn = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/example/example" }
  }
}

variables {
  name           = "example"
  domain_name    = "www.example.com"
  hosted_zone_id = "Z0123456789ABCDEFGHIJ"
  image_tag      = "1f0c2d3"
}

run "network_is_private_over_several_zones" {
  command = plan

  assert {
    condition     = length(distinct(aws_subnet.network_public[*].availability_zone)) == 3 && length(distinct(aws_subnet.network_app[*].availability_zone)) == 3 && length(distinct(aws_subnet.network_datastore[*].availability_zone)) == 3
    error_message = "Every tier must have a subnet in each zone."
  }

  assert {
    condition     = !anytrue(concat(aws_subnet.network_public[*].map_public_ip_on_launch, aws_subnet.network_app[*].map_public_ip_on_launch, aws_subnet.network_datastore[*].map_public_ip_on_launch))
    error_message = "No subnet may give out public addresses by itself."
  }

  assert {
    condition     = join(" ", concat(aws_subnet.network_app[*].cidr_block, aws_subnet.network_public[*].cidr_block, aws_subnet.network_datastore[*].cidr_block)) == "10.200.48.0/26 10.200.48.64/26 10.200.48.128/26 10.200.48.192/27 10.200.48.224/27 10.200.49.0/27 10.200.49.32/28 10.200.49.48/28 10.200.49.64/28"
    error_message = "In a /23 the app subnets are /26, the public ones /27 and the datastore ones /28, and a change would replace them all."
  }

  assert {
    condition     = aws_route.network_public_internet.destination_cidr_block == "0.0.0.0/0" && length(aws_route_table_association.network_datastore) == 3 && length(aws_route_table_association.network_app) == 3
    error_message = "The public subnets lead to the internet, and each private one must have a route table of its own tier."
  }

  assert {
    condition     = aws_flow_log.network.traffic_type == "ALL" && aws_cloudwatch_log_group.network_flow_log.retention_in_days == var.log_retention_days
    error_message = "All traffic must be logged, and the log kept as long as asked for."
  }

  assert {
    condition     = length(aws_default_security_group.network.ingress) == 0 && length(aws_default_security_group.network.egress) == 0
    error_message = "The default security group must have no rules."
  }

  assert {
    condition     = alltrue([for service in ["ecr.api", "ecr.dkr", "logs", "ssm"] : contains(keys(aws_vpc_endpoint.network_interface), service)]) && alltrue([for endpoint in aws_vpc_endpoint.network_interface : endpoint.private_dns_enabled])
    error_message = "Tasks cannot start without the endpoints of ECR, CloudWatch Logs and Parameter Store under their usual names."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.network_endpoints.cidr_ipv4 == var.vpc_cidr && aws_vpc_security_group_ingress_rule.network_endpoints.from_port == 443 && aws_vpc_security_group_ingress_rule.network_endpoints.to_port == 443
    error_message = "Endpoints admit HTTPS from the VPC and nothing else."
  }
}

run "network_refuses_an_overlap" {
  command = plan

  variables {
    other_cidrs = ["192.168.0.0/16", "10.200.0.0/16"]
  }

  expect_failures = [aws_vpc.network]
}

run "network_refuses_more_than_an_app_subnet_holds" {
  command = plan

  variables {
    extra_endpoints = [for number in range(60) : "service-${number}"]
  }

  expect_failures = [aws_vpc.network]
}

run "logs_are_private_and_kept" {
  command = apply

  assert {
    condition     = aws_s3_bucket_public_access_block.logs.block_public_acls && aws_s3_bucket_public_access_block.logs.block_public_policy && aws_s3_bucket_public_access_block.logs.ignore_public_acls && aws_s3_bucket_public_access_block.logs.restrict_public_buckets
    error_message = "All public access to the logs must be blocked."
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.logs.rule[0].expiration[0].days == var.log_retention_days && aws_s3_bucket_versioning.logs.versioning_configuration[0].status == "Enabled"
    error_message = "Logs must be kept as long as asked for, and a deleted one must come back."
  }

  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.logs.rule[0].expiration[0].days >= 30
    error_message = "Logs must be kept for a month at least: faults and attacks are found late."
  }

  assert {
    condition     = anytrue([for statement in jsondecode(aws_s3_bucket_policy.logs.policy).Statement : statement.Principal == "*" && statement.Action == "s3:*" && statement.Condition == { Bool = { "aws:SecureTransport" = "false" } } if statement.Effect == "Deny"])
    error_message = "Requests without TLS must be refused."
  }

  assert {
    condition     = alltrue([for statement in jsondecode(aws_s3_bucket_policy.logs.policy).Statement : statement.Principal == { Service = "logdelivery.elasticloadbalancing.amazonaws.com" } && statement.Action == "s3:PutObject" if statement.Effect == "Allow"])
    error_message = "Nobody but the load balancer may do anything, and it may only write."
  }

  assert {
    condition     = alltrue([for rule in aws_s3_bucket_server_side_encryption_configuration.logs.rule : rule.apply_server_side_encryption_by_default[0].sse_algorithm == "AES256"]) && aws_s3_bucket_ownership_controls.logs.rule[0].object_ownership == "BucketOwnerPreferred"
    error_message = "Logs must be encrypted, and ACLs be off unless CloudFront writes by them."
  }
}

run "certificate_covers_the_domain" {
  command = plan

  assert {
    condition     = contains(aws_acm_certificate.certificate.subject_alternative_names, "*.${var.domain_name}") && aws_acm_certificate.certificate.validation_method == "DNS"
    error_message = "The certificate must cover the subdomains too, and be renewed by its DNS record."
  }
}

run "edge_certificate_covers_the_domain" {
  command = plan

  assert {
    condition     = aws_acm_certificate.edge_certificate.region == "us-east-1"
    error_message = "CloudFront takes certificates from us-east-1 only."
  }
}

run "waf_measures_and_limits" {
  command = plan

  assert {
    condition     = anytrue([for rule in aws_wafv2_web_acl.waf.rule : length(rule.action[0].block) == 1 && rule.statement[0].rate_based_statement[0].limit <= 10000 && rule.statement[0].rate_based_statement[0].aggregate_key_type == "IP" if rule.name == "rate-limit"])
    error_message = "The rate limit must block an address that floods the site."
  }

  assert {
    condition     = alltrue([for name, group in var.waf_managed_rule_groups : anytrue([for rule in aws_wafv2_web_acl.waf.rule : length(rule.override_action[0].none) == (group.block ? 1 : 0) && length(rule.override_action[0].count) == (group.block ? 0 : 1) if rule.name == name])])
    error_message = "Every managed rule group must be there, and only count until it is told to block."
  }

  assert {
    condition     = anytrue([for rule in aws_wafv2_web_acl.waf.rule : length(rule.override_action) == 1])
    error_message = "At least one group of managed rules must look at the requests."
  }

  # The door that the options open, and no other.
  assert {
    condition     = length(aws_wafv2_web_acl.waf.default_action[0].allow) == 1
    error_message = "Whoever no rule stops must be let in."
  }

  assert {
    condition     = length(aws_wafv2_web_acl_logging_configuration.waf.log_destination_configs) == 1 && startswith(aws_cloudwatch_log_group.waf.name, "aws-waf-logs-") && alltrue([for name in ["authorization", "cookie"] : contains([for field in aws_wafv2_web_acl_logging_configuration.waf.redacted_fields : field.single_header[0].name], name)])
    error_message = "Requests must be on record, without the headers that carry credentials."
  }

  assert {
    condition     = aws_wafv2_web_acl.waf.region == "us-east-1" && aws_cloudwatch_log_group.waf.region == "us-east-1"
    error_message = "CloudFront takes its web ACL from us-east-1 only."
  }
}

run "load_balancer_serves_https_only" {
  command = plan

  assert {
    condition     = strcontains(aws_lb_listener.load_balancer_https.ssl_policy, "TLS13-1-2") && aws_lb.load_balancer.drop_invalid_header_fields && aws_lb.load_balancer.access_logs[0].enabled
    error_message = "The load balancer must speak TLS 1.2 or newer, drop broken headers and log every request."
  }

  assert {
    condition     = aws_lb.load_balancer.enable_deletion_protection && aws_lb.load_balancer.desync_mitigation_mode != "monitor" && aws_lb_target_group.load_balancer.target_type == "ip"
    error_message = "The load balancer must refuse to be deleted, refuse smuggled requests, and take the addresses of tasks."
  }

  assert {
    condition     = can(regex("^[23][0-9]{2}([-,][23][0-9]{2})*$", aws_lb_target_group.load_balancer.health_check[0].matcher))
    error_message = "A task that answers its health check with an error must get no requests."
  }

  assert {
    condition     = aws_lb.load_balancer.internal && aws_vpc_security_group_ingress_rule.load_balancer_cloudfront.cidr_ipv4 == null
    error_message = "Only CloudFront may reach the load balancer."
  }
}

run "cdn_speaks_https_and_caches_files_only" {
  command = apply

  assert {
    condition     = aws_cloudfront_vpc_origin.cdn.vpc_origin_endpoint_config[0].origin_protocol_policy == "https-only" && aws_cloudfront_vpc_origin.cdn.vpc_origin_endpoint_config[0].origin_ssl_protocols[0].items == toset(["TLSv1.2"])
    error_message = "CloudFront must speak HTTPS to the load balancer, and TLS 1.2."
  }

  assert {
    condition     = aws_cloudfront_distribution.cdn.viewer_certificate[0].minimum_protocol_version == "TLSv1.2_2021" && alltrue([for behavior in concat(aws_cloudfront_distribution.cdn.default_cache_behavior, aws_cloudfront_distribution.cdn.ordered_cache_behavior) : behavior.viewer_protocol_policy == "redirect-to-https"])
    error_message = "Viewers must be sent to HTTPS, and to TLS 1.2 or newer."
  }

  assert {
    condition     = aws_cloudfront_distribution.cdn.web_acl_id == aws_wafv2_web_acl.waf.arn
    error_message = "Requests must pass the web ACL, where there is one."
  }

  assert {
    condition     = data.aws_cloudfront_response_headers_policy.cdn.name == "Managed-SecurityHeadersPolicy" && alltrue([for behavior in concat(aws_cloudfront_distribution.cdn.default_cache_behavior, aws_cloudfront_distribution.cdn.ordered_cache_behavior) : behavior.response_headers_policy_id == data.aws_cloudfront_response_headers_policy.cdn.id])
    error_message = "Every answer must carry HSTS and the other security headers."
  }

  assert {
    condition     = data.aws_cloudfront_cache_policy.cdn_disabled.name == "Managed-CachingDisabled" && aws_cloudfront_distribution.cdn.default_cache_behavior[0].cache_policy_id == data.aws_cloudfront_cache_policy.cdn_disabled.id && aws_cloudfront_origin_request_policy.cdn.headers_config[0].header_behavior == "allViewer"
    error_message = "Pages must not be cached: what one user sees is not for the next. And the application must get Host."
  }

  assert {
    condition     = alltrue([for behavior in aws_cloudfront_distribution.cdn.ordered_cache_behavior : toset(behavior.allowed_methods) == toset(["GET", "HEAD"])]) && aws_cloudfront_cache_policy.cdn_static.parameters_in_cache_key_and_forwarded_to_origin[0].cookies_config[0].cookie_behavior == "none" && aws_cloudfront_cache_policy.cdn_static.parameters_in_cache_key_and_forwarded_to_origin[0].enable_accept_encoding_gzip
    error_message = "Static files must only be read, be one copy for all users, and be compressed."
  }

  assert {
    condition     = aws_cloudfront_distribution.cdn.logging_config[0].prefix == "cdn/" && aws_cloudfront_distribution.cdn.price_class != "PriceClass_100"
    error_message = "Requests must be on record, and edge locations in Asia must serve the site."
  }
}

run "dns_leads_to_the_target" {
  command = plan

  assert {
    condition     = length(aws_route53_record.dns) == 2 && alltrue([for type, record in aws_route53_record.dns : record.type == type && record.name == var.domain_name && length(record.alias) == 1])
    error_message = "The domain must have an alias record for IPv4 and one for IPv6."
  }
}

run "registry_keeps_tags_and_scans" {
  command = plan

  assert {
    condition     = aws_ecr_repository.registry.image_tag_mutability == "IMMUTABLE" && aws_ecr_repository.registry.image_scanning_configuration[0].scan_on_push
    error_message = "A pushed image must be scanned, and its tag must never mean another one."
  }

  assert {
    condition     = aws_ecr_repository.registry.encryption_configuration[0].encryption_type == "KMS" && aws_ecr_repository.registry.force_delete != true
    error_message = "Images must be encrypted with KMS, and a repository that holds some must not be deleted."
  }

  assert {
    condition     = [for rule in jsondecode(aws_ecr_lifecycle_policy.registry.policy).rules : rule.selection.tagStatus] == ["untagged", "any"]
    error_message = "Only images without a tag and the oldest ones may go."
  }
}

run "service_is_private_and_survives_faults" {
  command = apply

  assert {
    condition     = !aws_ecs_service.service.network_configuration[0].assign_public_ip && aws_vpc_security_group_ingress_rule.service_load_balancer.cidr_ipv4 == null
    error_message = "Tasks must have no public address, and only the load balancer may reach them."
  }

  assert {
    condition     = aws_ecs_service.service.deployment_minimum_healthy_percent == 100 && one(aws_ecs_cluster.service.setting[*].value) == "enabled" && aws_cloudwatch_log_group.service.retention_in_days > 0
    error_message = "A deployment must cost no capacity, and tasks must be measured and write logs."
  }

  assert {
    condition = alltrue([
      jsondecode(aws_iam_role.service_task.assume_role_policy).Statement[0].Principal == { Service = "ecs-tasks.amazonaws.com" },
      jsondecode(aws_iam_role.service_execution.assume_role_policy).Statement[0].Principal == { Service = "ecs-tasks.amazonaws.com" },
    ])
    error_message = "Nobody but tasks may take on the roles of the tasks."
  }

  assert {
    condition     = aws_vpc_security_group_egress_rule.service_endpoints.cidr_ipv4 == null && aws_vpc_security_group_egress_rule.service_s3.cidr_ipv4 == null
    error_message = "Tasks must reach endpoints, not addresses."
  }

  assert {
    condition     = alltrue([for statement in jsondecode(aws_iam_role_policy.service_execution.policy).Statement : statement.Action == "ssm:GetParameters" && endswith(statement.Resource, ":parameter/${var.name}/*")])
    error_message = "The agent may read the parameters of this system, and of no other."
  }

  # The definition of the containers, which is JSON and which the provider does not look into.
  assert {
    condition     = alltrue([for container in jsondecode(aws_ecs_task_definition.service.container_definitions) : contains(["awslogs", "awsfirelens"], container.logConfiguration.logDriver) && contains(values(container.logConfiguration.options), aws_cloudwatch_log_group.service.name)])
    error_message = "Every container must write its log to the log group."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.service.container_definitions)[0].logConfiguration.logDriver == "awslogs" && jsondecode(aws_ecs_task_definition.service.container_definitions)[0].logConfiguration.options["awslogs-stream-prefix"] == "ecs" && startswith(jsondecode(aws_ecs_task_definition.service.container_definitions)[0].logConfiguration.options["awslogs-datetime-format"], "\\[%Y-")
    error_message = "Streams must be named after the task, and a stack trace must be one event."
  }

  assert {
    condition     = jsondecode(aws_ecs_task_definition.service.container_definitions)[0].readonlyRootFilesystem == true && jsondecode(aws_ecs_task_definition.service.container_definitions)[0].essential
    error_message = "The application's file system must be read-only, but for ECS Exec, and no task may run on without the application."
  }

  assert {
    condition     = sort([for secret in jsondecode(aws_ecs_task_definition.service.container_definitions)[0].secrets : secret.name]) == sort(concat(["DB_HOST", "REDIS_HOST"], var.service_secrets)) && sort([for variable in jsondecode(aws_ecs_task_definition.service.container_definitions)[0].environment : variable.name]) == keys(var.service_environment)
    error_message = "Secrets and linked hosts must reach the application as secrets, never as plain variables, which everybody sees who may look at the task definition."
  }

  assert {
    condition     = alltrue([for secret in flatten([for container in jsondecode(aws_ecs_task_definition.service.container_definitions) : try(container.secrets, [])]) : secret.valueFrom == "/${var.name}/${secret.name}"])
    error_message = "Secrets must come from the parameters of this system."
  }

  assert {
    condition     = alltrue([for container in jsondecode(aws_ecs_task_definition.service.container_definitions) : can(regex(":[0-9]+[.][0-9]", container.image)) if container.name != "app"])
    error_message = "The image of a sidecar must have a tag that does not move."
  }

  assert {
    condition     = !aws_ecs_service.service.enable_execute_command
    error_message = "Nobody may open a shell in a container until execute_command is chosen."
  }

  assert {
    condition     = aws_appautoscaling_target.service.min_capacity >= 2
    error_message = "There must be two tasks at least, or the loss of a zone is an outage."
  }

  assert {
    condition     = aws_ecs_service.service.deployment_circuit_breaker[0].enable && aws_ecs_service.service.deployment_circuit_breaker[0].rollback
    error_message = "A version that does not start must be noticed and rolled back."
  }
}

run "database_is_protected" {
  command = plan

  assert {
    condition     = aws_rds_cluster.database.storage_encrypted && aws_rds_cluster.database.manage_master_user_password && aws_rds_cluster.database.iam_database_authentication_enabled && !aws_rds_cluster.database.skip_final_snapshot
    error_message = "The cluster must be encrypted, keep its password in Secrets Manager and leave a snapshot when it is deleted."
  }

  assert {
    condition     = aws_rds_cluster.database.deletion_protection == var.deletion_protection && aws_rds_cluster.database.backup_retention_period >= 7 && !aws_rds_cluster.database.apply_immediately && aws_rds_cluster.database.preferred_maintenance_window == var.maintenance_window
    error_message = "The cluster must be protected and backed up for a week, and change in its maintenance window."
  }

  assert {
    condition     = length(aws_rds_cluster.database.enabled_cloudwatch_logs_exports) == length(aws_cloudwatch_log_group.database) && contains([for p in aws_rds_cluster_parameter_group.database.parameter : p.value if contains(["rds.force_ssl", "require_secure_transport"], p.name)], "ON")
    error_message = "Every exported log must have its group, and connections without TLS must be refused."
  }

  assert {
    condition     = length(aws_rds_cluster_instance.database) == var.database_size.instances && !anytrue(aws_rds_cluster_instance.database[*].publicly_accessible) && alltrue(aws_rds_cluster_instance.database[*].performance_insights_enabled) && aws_rds_cluster_instance.database[0].promotion_tier == 0
    error_message = "There must be as many instances as chosen, none of them public, each one watched, and the first one promoted first."
  }

  assert {
    condition     = alltrue([for p in aws_rds_cluster_parameter_group.database.parameter : p.value == "utf8mb4" if startswith(p.name, "character_set")]) && alltrue([for p in aws_rds_cluster_parameter_group.database.parameter : p.value == "1" if contains(["slow_query_log", "server_audit_logging", "server_audit_logs_upload"], p.name)])
    error_message = "Every character set must be utf8mb4, and slow statements and the audit trail must be logged."
  }

  assert {
    condition     = aws_kms_key.database.enable_key_rotation && aws_ssm_parameter.database_host.type == "SecureString" && alltrue([for group in aws_cloudwatch_log_group.database : group.retention_in_days == var.log_retention_days])
    error_message = "The key must be rotated, the host must be kept encrypted, and logs must not be kept for ever."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.database.cidr_ipv4 == null && aws_vpc_security_group_ingress_rule.database.from_port == aws_rds_cluster.database.port && aws_vpc_security_group_ingress_rule.database.to_port == aws_rds_cluster.database.port && aws_vpc_security_group_ingress_rule.database.ip_protocol == "tcp" && aws_vpc_security_group_egress_rule.database_client.cidr_ipv4 == null
    error_message = "Only the application may connect, and to the port of the database alone."
  }
}

run "cache_is_protected" {
  command = plan

  assert {
    condition     = aws_elasticache_replication_group.cache.at_rest_encryption_enabled && aws_elasticache_replication_group.cache.transit_encryption_enabled && aws_vpc_security_group_ingress_rule.cache.cidr_ipv4 == null && aws_vpc_security_group_egress_rule.cache_client.cidr_ipv4 == null
    error_message = "The cache must be encrypted at rest and in transit, and only the application may connect."
  }

  assert {
    condition     = aws_elasticache_replication_group.cache.multi_az_enabled == (var.cache_size.replicas > 0) && aws_elasticache_replication_group.cache.automatic_failover_enabled == (var.cache_size.replicas > 0)
    error_message = "With a replica the cache must stand in several zones and fail over."
  }

  assert {
    condition     = aws_elasticache_replication_group.cache.auto_minor_version_upgrade == "false" && can(regex("^[0-9]+\\.[0-9]+$", aws_elasticache_replication_group.cache.engine_version)) && !aws_elasticache_replication_group.cache.apply_immediately && aws_elasticache_replication_group.cache.maintenance_window == var.maintenance_window
    error_message = "The version must be pinned, and changes must wait for the maintenance window."
  }

  assert {
    condition     = aws_ssm_parameter.cache_host.type == "SecureString" && length(aws_elasticache_replication_group.cache.log_delivery_configuration) == length(aws_cloudwatch_log_group.cache)
    error_message = "The host must be kept encrypted, and every log must have its group."
  }
}

run "monitoring_calls_somebody" {
  command = plan

  variables {
    alarm_emails = ["ops@example.com"]
  }

  assert {
    condition     = alltrue([for key, alarm in aws_cloudwatch_metric_alarm.monitoring : (alarm.comparison_operator == "LessThanThreshold") == (alarm.treat_missing_data == "breaching")])
    error_message = "What must not fall must not vanish either; no errors are good news."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.monitoring["targets-HealthyHostCount"].threshold >= 1 && aws_cloudwatch_metric_alarm.monitoring["targets-HealthyHostCount"].treat_missing_data == "breaching"
    error_message = "A system without a healthy task must set off an alarm."
  }

  assert {
    condition     = alltrue([for metric in ["HTTPCode_ELB_4XX_Count", "HTTPCode_ELB_5XX_Count", "HTTPCode_Target_4XX_Count", "HTTPCode_Target_5XX_Count"] : aws_cloudwatch_metric_alarm.monitoring["alb-${metric}"].metric_name == metric])
    error_message = "Errors of the load balancer and of the application must be watched, under names that AWS knows."
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.monitoring_edge : alarm.region == "us-east-1"]) && aws_sns_topic.monitoring_edge.region == "us-east-1" && aws_kms_key.monitoring_edge.region == "us-east-1"
    error_message = "CloudFront reports in us-east-1 only."
  }

  assert {
    condition     = aws_kms_key.monitoring.enable_key_rotation && aws_sns_topic.monitoring.kms_master_key_id == aws_kms_alias.monitoring.name && alltrue([for statement in jsondecode(aws_kms_key.monitoring.policy).Statement : statement.Principal == { Service = "cloudwatch.amazonaws.com" } && statement.Condition.StringEquals["aws:SourceAccount"] == data.aws_caller_identity.current.account_id && toset(statement.Action) == toset(["kms:Decrypt", "kms:GenerateDataKey*"]) if statement.Sid != "AccountByIAM"])
    error_message = "The topic must be encrypted with a key of its own, which lets alarms of this account publish, and nobody else."
  }

  assert {
    condition = (alltrue([
      aws_kms_key.monitoring_edge.enable_key_rotation && aws_kms_key.monitoring_edge.policy == aws_kms_key.monitoring.policy,
    ]) && aws_sns_topic.monitoring_edge.kms_master_key_id == aws_kms_alias.monitoring_edge.name)
    error_message = "The topic in us-east-1 must be encrypted in the same way."
  }

  assert {
    condition     = aws_sns_topic_subscription.monitoring["ops@example.com"].protocol == "email"
    error_message = "Alarms must reach the addresses."
  }

  assert {
    condition     = aws_cloudwatch_log_metric_filter.monitoring.metric_transformation[0].name == "DetectedLogs" && aws_cloudwatch_log_metric_filter.monitoring.metric_transformation[0].namespace == aws_cloudwatch_metric_alarm.monitoring["log-DetectedLogs"].namespace
    error_message = "The alarm must watch the metric that the filter of the log writes."
  }
}

run "monitoring_refuses_alternatives_with_exclusions" {
  command = plan

  variables {
    alarm_log_pattern = "?\"ERROR:\" ?\"Error:\" -MethodNotAllowedHttpException"
  }

  expect_failures = [var.alarm_log_pattern]
}
