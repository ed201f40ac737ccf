# Ways in which ecs-fargate can lose a safe default, beside those that follow from the notes. mutation_data_test.go says how they are written.

# So many of them must be noticed by a rule of vet or a shipped test.
at_least = 160

# What nothing notices of those that follow from the notes, by the object, the argument and what is put in its place.
survivors = {
  "aws_cloudfront_distribution.cdn.viewer_certificate.acm_certificate_arn: aws_acm_certificate_validation.certificate.certificate_arn" = "in shipped tests all objects of a type have the same ARN, for the provider refuses what is none"
  "aws_wafv2_web_acl_logging_configuration.waf.log_destination_configs: [aws_cloudwatch_log_group.network_flow_log.arn]"               = "in shipped tests all objects of a type have the same ARN, for the provider refuses what is none"
  "aws_cloudfront_distribution.cdn.default_cache_behavior.cache_policy_id: null"                                                       = "in shipped tests the policies that AWS manages have no ID"
  "aws_ecs_service.service.load_balancer.container_port: 81"                                                                           = "a default that the module's owner may change: the shipped tests hold that the variable is used, whatever its value"
  "aws_elasticache_replication_group.cache.snapshot_retention_limit: 1"                                                                = "a default that the module's owner may change: the shipped tests hold that the variable is used, whatever its value"
}

# What TestFlatEqualsNestedCanFail breaks in the flat module alone, and how the difference to the nested one begins.
differences = [
  { set = aws_rds_cluster.database.storage_encrypted, to = false, plan = "aws_rds_cluster.database: storage_encrypted: nested true, flat false" },
  { set = aws_vpc_security_group_ingress_rule.database.referenced_security_group_id, to = aws_security_group.load_balancer.id, state = "aws_vpc_security_group_ingress_rule.database: " },
]

rendering "default" {
  mutations = [
    # Network
    { set = aws_subnet.network_public.map_public_ip_on_launch, to = true },
    { set = aws_route_table_association.network_app.route_table_id, to = aws_route_table.network_public.id },
    { set = aws_vpc_security_group_ingress_rule.network_endpoints.cidr_ipv4, to = "0.0.0.0/0" },
    { set = aws_flow_log.network.traffic_type, to = "REJECT" },
    { remove = aws_flow_log.network },
    { remove = aws_cloudwatch_log_group.network_flow_log.retention_in_days },
    { set = aws_default_security_group.network.ingress, to = [{ protocol = "-1", from_port = 0, to_port = 0, cidr_blocks = ["0.0.0.0/0"], description = "", ipv6_cidr_blocks = [], prefix_list_ids = [], security_groups = [], self = false }] },

    # Bucket of the logs
    { edit = aws_s3_bucket_policy.logs.policy, old = "\"Deny\"", new = "\"Allow\"" },
    { set = aws_s3_bucket_versioning.logs.versioning_configuration.status, to = "Suspended" },
    { set = aws_s3_bucket_lifecycle_configuration.logs.rule.expiration.days, to = 1 },
    { set = aws_s3_bucket_server_side_encryption_configuration.logs.rule.apply_server_side_encryption_by_default.sse_algorithm, to = "aws:kms" },
    { set = var.log_retention_days.default, to = 1 },

    # Edge
    { set = aws_acm_certificate.certificate.validation_method, to = "EMAIL" },
    { remove = aws_acm_certificate.edge_certificate.region },
    { set = aws_cloudfront_distribution.cdn.default_cache_behavior.viewer_protocol_policy, to = "allow-all" },
    { set = aws_cloudfront_distribution.cdn.ordered_cache_behavior.content.viewer_protocol_policy, to = "allow-all" },
    { set = aws_cloudfront_distribution.cdn.default_cache_behavior.cache_policy_id, to = "658327ea-f89d-4fab-a63d-7e88639e58f6" },
    { remove = aws_cloudfront_distribution.cdn.default_cache_behavior.response_headers_policy_id },
    { remove = aws_cloudfront_distribution.cdn.web_acl_id },
    { remove = aws_cloudfront_distribution.cdn.logging_config },
    { set = aws_cloudfront_vpc_origin.cdn.vpc_origin_endpoint_config.origin_protocol_policy, to = "http-only" },
    { set = aws_cloudfront_vpc_origin.cdn.vpc_origin_endpoint_config.origin_ssl_protocols.items, to = ["TLSv1"] },
    { remove = aws_wafv2_web_acl.waf.rule },
    { set = aws_wafv2_web_acl.waf.rule.statement.rate_based_statement.limit, to = 2000000 },
    { set = var.waf_managed_rule_groups.default, to = {} },
    { remove = aws_wafv2_web_acl_logging_configuration.waf },
    { remove = aws_wafv2_web_acl_logging_configuration.waf.redacted_fields },

    # Load balancer
    { set = aws_lb.load_balancer.drop_invalid_header_fields, to = false },
    { set = aws_lb.load_balancer.desync_mitigation_mode, to = "monitor" },
    { set = aws_lb.load_balancer.enable_deletion_protection, to = false },
    { set = aws_lb_target_group.load_balancer.health_check.matcher, to = "200-499" },
    { rename = aws_vpc_security_group_ingress_rule.load_balancer_cloudfront.prefix_list_id, as = "cidr_ipv4", to = "0.0.0.0/0" },

    # Registry
    { set = aws_ecr_repository.registry.image_scanning_configuration.scan_on_push, to = false },
    { remove = aws_ecr_lifecycle_policy.registry },

    # Service
    { set = aws_ecs_service.service.deployment_minimum_healthy_percent, to = 0 },
    { set = aws_ecs_service.service.deployment_circuit_breaker.enable, to = false },
    { set = aws_ecs_service.service.deployment_circuit_breaker.rollback, to = false },
    { set = aws_ecs_service.service.enable_execute_command, to = true },
    { set = aws_ecs_service.service.health_check_grace_period_seconds, to = 0 },
    { set = var.service_readonly_root.default, to = false },
    { set = aws_appautoscaling_target.service.min_capacity, to = var.service_scaling.min }, # A1
    { remove = check.service_image }, # A1
    { set = aws_ecs_service.service.wait_for_steady_state, to = false }, # B1
    { set = aws_ecs_task_definition.service.skip_destroy, to = false }, # B22
    { set = var.service_writable_paths.default, to = {} }, # A5
    { edit = aws_ecs_task_definition.service.container_definitions, old = ", tmpfs = local.service_writable", new = "" }, # A5
    { edit = aws_iam_role_policy.service_database.policy, old = "/app\"", new = "/*\"" }, # A6
    { edit = aws_iam_role_policy.service_execution.policy, old = "regex\\([^\\n]*arn\\)", new = "\"*\"" }, # A6
    { edit = aws_ecs_task_definition.service.container_definitions, old = "var.service_log_datetime_format", new = "\"\\\\[%Y-%m-%d\\\\]\"" }, # B12
    { remove = aws_cloudwatch_log_group.service.retention_in_days },
    { set = aws_appautoscaling_target.service.min_capacity, to = 1 },
    { edit = aws_iam_role_policy.service_execution.policy, old = "(Resource\\s*=\\s*)\"[^\"]*\"", new = "$${1}\"*\"" },
    { edit = aws_iam_role_policy.service_execution.policy, old = "\"ssm:GetParameters\"", new = "\"ssm:*\"" },
    { rename = aws_vpc_security_group_ingress_rule.service_load_balancer.referenced_security_group_id, as = "cidr_ipv4", to = "0.0.0.0/0" },
    { rename = aws_vpc_security_group_egress_rule.service_endpoints.referenced_security_group_id, as = "cidr_ipv4", to = "0.0.0.0/0" },

    # Database
    { edit = var.database_size.default, old = "instances(\\s*=\\s*)2", new = "instances$${1}1" }, # no replica
    { set = aws_rds_cluster.database.storage_encrypted, to = false },
    { set = aws_rds_cluster.database.skip_final_snapshot, to = true },
    { set = aws_rds_cluster.database.backup_retention_period, to = 1 },
    { set = aws_rds_cluster.database.manage_master_user_password, to = false },
    { set = aws_rds_cluster.database.enabled_cloudwatch_logs_exports, to = ["error"] },
    { edit = aws_rds_cluster_parameter_group.database.parameter.for_each, old = "(require_secure_transport\\s*=\\s*)\"ON\"", new = "$${1}\"OFF\"" },
    { edit = aws_rds_cluster_parameter_group.database.parameter.for_each, old = "(slow_query_log\\s*=\\s*)\"1\"", new = "$${1}\"0\"" },
    { set = aws_ssm_parameter.database_host.type, to = "String" },
    { remove = aws_cloudwatch_log_group.database.retention_in_days },
    { rename = aws_vpc_security_group_ingress_rule.database.referenced_security_group_id, as = "cidr_ipv4", to = "0.0.0.0/0" },
    { set = aws_vpc_security_group_ingress_rule.database.to_port, to = 65535 },

    # Cache
    { set = aws_elasticache_replication_group.cache.at_rest_encryption_enabled, to = false },
    { set = aws_elasticache_replication_group.cache.transit_encryption_enabled, to = false },
    { rename = aws_vpc_security_group_ingress_rule.cache.referenced_security_group_id, as = "cidr_ipv4", to = "0.0.0.0/0" },

    # Operations
    { remove = aws_sns_topic.monitoring.kms_master_key_id },
    { remove = aws_sns_topic.monitoring_edge.kms_master_key_id },
    { set = aws_kms_key.monitoring.enable_key_rotation, to = false },
    { remove = aws_kms_key.monitoring.policy },

    # A rate limit that blocks before anybody looked whom it hits (A9)
    { set = var.waf_rate_limit_action.default, to = "block" },
    { set = var.waf_rate_limit.default, to = 2000000 },
    # Logs that go with the environment (B4)
    { set = aws_s3_bucket.logs.force_destroy, to = true },
    # A target group that another port replaces (B6)
    { remove = aws_lb_target_group.load_balancer.lifecycle.ignore_changes },
    { set = aws_lb_target_group.load_balancer.name, to = "${var.name}-${var.container_port}" },
    # Zones that CloudFront does not reach (B7)
    { set = var.excluded_zone_ids.default, to = [] },
    # Names that a second region cannot have (B14)
    { edit = aws_iam_role.network_flow_log.name, old = "-\\$\\{data\\.aws_region\\.current\\.id\\}", new = "" },
    { edit = aws_cloudfront_cache_policy.cdn_static.name, old = "-\\$\\{data\\.aws_region\\.current\\.id\\}", new = "" },
    { edit = aws_s3_bucket.logs.bucket, old = "-\\$\\{data\\.aws_region\\.current\\.id\\}", new = "" },
    { set = aws_wafv2_web_acl.waf.name, to = var.name },
    # Files that stay old, or are stored against the origin's will (B16)
    { set = aws_cloudfront_cache_policy.cdn_static.min_ttl, to = 1 },
    # Ways out through somebody else's account (B17)
    { edit = aws_vpc_endpoint.network_s3.policy, old = ", Condition = \\{ StringEquals = [^\\n]*\\}\\s*\\},", new = " }," },
    { set = aws_vpc_endpoint.network_interface.policy, to = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = "*", Action = "*", Resource = "*" }] }) },
    { set = aws_cloudwatch_metric_alarm.monitoring.alarm_name, to = "${var.name}-${each.key}" }, # B21: deployments know them by their names
    { set = var.alarm_log_pattern.default, to = "?\"Warning:\" ?\"Error:\"" }, # C
  ]
}

rendering "public" {
  options = { cdn = false, outbound = "nat-gateway", database = "aurora-postgresql", cache = "valkey", load_balancing = "weighted_random", access = "office-paths" }

  mutations = [
    { set = aws_lb_listener.load_balancer_https.ssl_policy, to = "ELBSecurityPolicy-2016-08" },
    { remove = aws_wafv2_web_acl_association.waf },
    { set = aws_vpc_security_group_egress_rule.service_internet.ip_protocol, to = "-1" },
    { edit = aws_rds_cluster_parameter_group.database.parameter.for_each, old = "(log_connections\\s*=)", new = "\"rds.force_ssl\" = \"0\"\n      $${1}" },
    # B3: what repeats the engine's default changes in every plan
    { edit = aws_rds_cluster_parameter_group.database.parameter.for_each, old = "(log_connections\\s*=)", new = "\"rds.force_ssl\" = \"1\"\n      $${1}" },
    { set = aws_rds_cluster.database.storage_encrypted, to = false },
    { set = aws_elasticache_replication_group.cache.transit_encryption_enabled, to = false },
    # Requests by chance that go to sick tasks, too (B9)
    { remove = aws_lb_target_group.load_balancer.load_balancing_anomaly_mitigation },
    # Offices behind the rate limit (A9), and paths that capital letters open
    { remove = aws_wafv2_web_acl.waf.rule.statement.rate_based_statement.scope_down_statement },
    { edit = aws_wafv2_web_acl.waf, old = "\"LOWERCASE\"", new = "\"NONE\"" },
  ]
}

rendering "people" {
  options = { outbound = "both", execute_command = true, operator_policies = true, sidecars = "both" }

  mutations = [
    { edit = aws_iam_policy.operators_run_task.policy, old = "\"ecs:RunTask\"", new = "\"ecs:*\"" },
    { edit = aws_iam_policy.operators_run_task.policy, old = "(Condition\\s*=\\s*)\\{ ArnEquals = .*", new = "$${1}{}" },
    { edit = aws_iam_policy.operators_run_task.policy, old = "\\[aws_iam_role\\.[^\\]]*\\]", new = "[\"*\"]" },
    { edit = aws_iam_policy.operators_execute_command.policy, old = "\\$\\$\\{aws:userid\\}-\\*", new = "*" },
    { edit = aws_ecs_cluster.service.configuration.execute_command_configuration.logging, old = "\"OVERRIDE\"", new = "\"NONE\"" },
    { edit = aws_ecs_task_definition.service.container_definitions, old = "secrets(\\s*=\\s*)\\[\\{ name = \"DD_API_KEY\".*", new = "environment$${1}[{ name = \"DD_API_KEY\", value = \"0123\" }]" },
    { edit = aws_ecs_task_definition.service.container_definitions, old = "\\{ name = \"REDIS_HOST\"[^\\n]*\\n", new = "" },
    { edit = aws_ecs_task_definition.service.container_definitions, old = "\"awsfirelens\"", new = "\"fluentd\"" },
    { set = var.service_log_router_image.default, to = "public.ecr.aws/aws-observability/aws-for-fluent-bit:stable" },
    { set = aws_vpc_security_group_egress_rule.service_internet.to_port, to = 65535 },
    { edit = aws_iam_policy.operators_execute_command.policy, old = "\"ssm:TerminateSession\" #", new = "[\"ssm:TerminateSession\", \"ssm:ResumeSession\"] #" }, # C: the shell of another
    { edit = aws_iam_policy.operators_execute_command.policy, old = "session/ecs-execute-command-", new = "session/x-" }, # C
  ]
}

rendering "deliveries" {
  options = { deployment = "codedeploy", pipeline = "codepipeline", scheduled_tasks = true }

  mutations = [
    { edit = aws_iam_role_policy.pipeline.policy, old = ", \"s3:PutObjectAcl\"", new = "" }, # A4
    { edit = aws_iam_role_policy.pipeline.policy, old = "\"s3:GetBucketAcl\", ", new = "" }, # A4
    { edit = aws_codepipeline.pipeline, old = "(TaskDefinitionTemplateArtifact\\s*=\\s*)\"build\"", new = "$${1}\"source\"" }, # A6, A10
    { edit = aws_sfn_state_machine.scheduled.definition, old = "\"TaskDefinition\\.\\$\"(\\s*=\\s*)\"\\$\\.service\\.TaskDefinition\"", new = "TaskDefinition$${1}var.name" }, # A10
    { edit = aws_codebuild_project.pipeline.environment.type, old = "\"LINUX_CONTAINER\"", new = "\"ARM_CONTAINER\"" },
    { edit = aws_sfn_state_machine.scheduled.definition, old = "ecs:runTask\\.sync", new = "ecs:runTask" }, # B13: a failure would not be noticed
    { edit = aws_iam_role_policy.scheduled_run.policy, old = "\"[^\"]*:task-definition/[^\"]*\"", new = "\"*\"" },
    { edit = aws_iam_role.codedeploy.assume_role_policy, old = "(?m)^\\s*Condition = .*\\n", new = "" }, # C
    { set = aws_iam_role.codedeploy.name, to = "${var.name}-codedeploy" }, # B14
    { set = aws_iam_role.pipeline_build.name, to = "${var.name}-build" }, # B14
    { set = aws_codedeploy_deployment_group.codedeploy.alarm_configuration.enabled, to = false }, # B21
    { set = aws_codedeploy_deployment_group.codedeploy.alarm_configuration.alarms, to = [] }, # B21
  ]
}

rendering "testers" {
  options = { deployment = "codedeploy", execute_command = true }

  mutations = [
    # A test listener that a tester cannot reach, or through which others come (B5)
    { remove = aws_vpc_security_group_egress_rule.load_balancer_test_from_tasks },
    { set = aws_vpc_security_group_ingress_rule.load_balancer_test_from_tasks.to_port, to = 65535 },
    { edit = var.load_balancer_test_cidr_blocks, old = "\\^\\(10\\|", new = "^(203|10|" },
  ]
}

# A3, A7, B10: what is left after destroy, and what is written down meanwhile
rendering "kept" {
  options = { database = "mysql", cache = "none" }

  mutations = [
    { set = aws_db_instance.database.kms_key_id, to = null },
    { set = aws_db_instance.database.final_snapshot_identifier, to = "${var.name}-db-final" },
    { set = aws_db_instance.database.delete_automated_backups, to = true },
    { set = aws_db_instance.database.skip_final_snapshot, to = true },
    { set = aws_db_option_group.database.skip_destroy, to = false },
    { edit = aws_db_parameter_group.database.parameter.for_each, old = "var\\.database_log_statements \\?", new = "false ?" },
    { remove = aws_db_parameter_group.database.parameter },
    { edit = aws_iam_role.database_monitoring.assume_role_policy, old = "Condition = .*", new = "" },
  ]
}

# A proxy in front of the database (B19)
rendering "proxy" {
  options = { database_proxy = true, reader_endpoint = true }

  mutations = [
    { set = aws_db_proxy.database_proxy.require_tls, to = false },
    { set = aws_db_proxy.database_proxy.debug_logging, to = true },
    { set = aws_db_proxy.database_proxy.default_auth_scheme, to = "NONE" },
    { set = aws_db_proxy.database_proxy.vpc_subnet_ids, to = aws_subnet.network_app[*].id },
    { set = aws_db_proxy.database_proxy.vpc_security_group_ids, to = [aws_security_group.database.id] },
    { set = aws_db_proxy_endpoint.database_proxy_reader.target_role, to = "READ_WRITE" },
    { set = var.database_proxy_pool.default, to = { max_percent = 100 } },
    { set = var.database_proxy_pool.default, to = { wait_seconds = 120 } },
    { edit = aws_iam_role_policy.database_proxy.policy, old = "/app\"", new = "/*\"" },
    { edit = aws_iam_role_policy.database_proxy.policy, old = "(Resource\\s*=\\s*)\"[^\\n]*", new = "$${1}\"*\"" },
    { edit = aws_iam_role_policy.database_proxy.policy, old = "\"rds-db:connect\"", new = "\"rds-db:*\"" },
    { edit = aws_iam_role_policy.service_database.policy, old = "/app\"", new = "/*\"" },
    { remove = aws_cloudwatch_log_group.database_proxy.retention_in_days },
    { set = aws_cloudwatch_log_group.database_proxy.name, to = "/aws/rds/proxy/${var.name}" },
    { set = aws_ssm_parameter.database_proxy_host.type, to = "String" },
    { set = aws_ssm_parameter.database_proxy_host.value, to = aws_rds_cluster.database.endpoint },
    { rename = aws_vpc_security_group_ingress_rule.database_proxy.referenced_security_group_id, as = "cidr_ipv4", to = "10.0.0.0/16" },
    { set = aws_vpc_security_group_ingress_rule.database_proxy.to_port, to = 65535 },
    { set = aws_vpc_security_group_ingress_rule.database_proxy.referenced_security_group_id, to = aws_security_group.load_balancer.id },
    { set = aws_vpc_security_group_ingress_rule.database_proxy_database.security_group_id, to = aws_security_group.database_proxy.id },
    { set = aws_vpc_security_group_ingress_rule.database_proxy_database.referenced_security_group_id, to = aws_security_group.service.id },
    { rename = aws_vpc_security_group_egress_rule.database_proxy_database.referenced_security_group_id, as = "cidr_ipv4", to = "0.0.0.0/0" },
    { edit = aws_ecs_task_definition.service.container_definitions, old = "aws_ssm_parameter\\.database_proxy_host", new = "aws_ssm_parameter.database_host" },
    { edit = aws_iam_role_policy.service_database.policy, old = "\\$\\{regex\\([^\\n]*arn\\)\\}", new = "$${aws_rds_cluster.database.cluster_resource_id}" },
  ]
}

rendering "proxy with a password" {
  options = { database_proxy = true, database_auth = "secret", database = "postgresql" }

  mutations = [
    { edit = aws_iam_role_policy.database_proxy.policy, old = "(Resource\\s*=\\s*)[^\\n]*", new = "$${1}\"*\"" },
    { edit = aws_iam_role_policy.database_proxy.policy, old = "(Resource\\s*=\\s*)[^\\n]*", new = "$${1}\"arn:aws:secretsmanager:eu-west-1:123456789012:secret:other-AbCdEf\"" },
    { edit = aws_iam_role_policy.database_proxy.policy, old = "\"secretsmanager:GetSecretValue\"", new = "\"secretsmanager:*\"" },
    { set = aws_db_proxy.database_proxy.auth.secret_arn, to = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:other-AbCdEf" },
    { set = aws_db_proxy.database_proxy.require_tls, to = false },
    { set = aws_secretsmanager_secret.database_proxy_user.recovery_window_in_days, to = 30 },
  ]
}

# A network of others
rendering "given network" {
  options = { network = "existing", internal_services = true, outbound = "both" }

  mutations = [
    { set = aws_vpc_security_group_ingress_rule.service_endpoints.security_group_id, to = aws_security_group.service.id },
    { set = aws_vpc_security_group_ingress_rule.service_endpoints.to_port, to = 65535 },
    { set = aws_vpc_security_group_ingress_rule.internal_endpoints.security_group_id, to = aws_security_group.internal.id },
    { edit = var.network, old = "length\\(distinct\\(var\\.network\\.app_subnet_ids\\)\\) >= 2", new = "length(var.network.app_subnet_ids) >= 2" },
    { edit = var.network, old = "var\\.network\\.endpoint_security_group_id != null", new = "true" },
  ]
}
