mock_provider "aws" {
  mock_data "aws_availability_zones" {
    defaults = {
      names    = ["xx-example-1a", "xx-example-1b", "xx-example-1c", "xx-example-1d"]
      zone_ids = ["use1-az4", "use1-az3", "use1-az1", "use1-az2"]
    }
  }

  mock_data "aws_caller_identity" { defaults = { account_id = "123456789012" } }
  mock_data "aws_partition" { defaults = { partition = "aws" } }
  mock_data "aws_region" { defaults = { id = "xx-example-1" } }

  mock_resource "aws_acm_certificate" {
    defaults = {
      arn = "arn:aws:acm:xx-example-1:123456789012:certificate/example"
      domain_validation_options = [{
        domain_name           = "example.com"
        resource_record_name  = "_a.example.com."
        resource_record_type  = "CNAME"
        resource_record_value = "_b.acm-validations.aws."
      }]
    }
  }

  mock_resource "aws_cloudfront_distribution" { defaults = { arn = "arn:aws:cloudfront::123456789012:distribution/E0123456789ABC" } }
  mock_resource "aws_cloudwatch_log_group" { defaults = { arn = "arn:aws:logs:xx-example-1:123456789012:log-group:example" } }
  mock_resource "aws_ecr_repository" { defaults = { arn = "arn:aws:ecr:xx-example-1:123456789012:repository/example" } }
  mock_resource "aws_ecs_cluster" { defaults = { arn = "arn:aws:ecs:xx-example-1:123456789012:cluster/example" } }
  mock_resource "aws_ecs_task_definition" { defaults = { arn = "arn:aws:ecs:xx-example-1:123456789012:task-definition/example:1" } }
  mock_resource "aws_elasticache_replication_group" { defaults = { arn = "arn:aws:elasticache:xx-example-1:123456789012:replicationgroup:example-cache" } }
  mock_resource "aws_iam_role" { defaults = { arn = "arn:aws:iam::123456789012:role/example" } }
  mock_resource "aws_kms_key" { defaults = { arn = "arn:aws:kms:xx-example-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef" } }
  mock_resource "aws_lb" { defaults = { arn = "arn:aws:elasticloadbalancing:xx-example-1:123456789012:loadbalancer/app/example/0123456789abcdef" } }
  mock_resource "aws_lb_listener" { defaults = { arn = "arn:aws:elasticloadbalancing:xx-example-1:123456789012:listener/app/example/0123456789abcdef/0123456789abcdef" } }
  mock_resource "aws_lb_listener_rule" { defaults = { arn = "arn:aws:elasticloadbalancing:xx-example-1:123456789012:listener-rule/app/example/0123456789abcdef/0123456789abcdef/0123456789abcdef" } }
  mock_resource "aws_lb_target_group" { defaults = { arn = "arn:aws:elasticloadbalancing:xx-example-1:123456789012:targetgroup/example/0123456789abcdef" } }
  mock_resource "aws_s3_bucket" { defaults = { arn = "arn:aws:s3:::example" } }
  mock_resource "aws_sns_topic" { defaults = { arn = "arn:aws:sns:xx-example-1:123456789012:example" } }
  mock_resource "aws_wafv2_web_acl" { defaults = { arn = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/example/example" } }
}

variables {
  name           = "example"
  domain_name    = "www.example.com"
  hosted_zone_id = "Z0123456789ABCDEFGHIJ"
  image_tag      = "1f0c2d3"
}

run "database_is_protected" {
  command = plan

  assert {
    condition     = aws_rds_cluster.database.storage_encrypted && aws_rds_cluster.database.manage_master_user_password && aws_rds_cluster.database.iam_database_authentication_enabled && aws_rds_cluster.database.skip_final_snapshot == var.disposable && aws_rds_cluster.database.delete_automated_backups == var.disposable
    error_message = "The cluster must be encrypted, keep its password in Secrets Manager, and leave a snapshot and its backups when it is deleted."
  }

  assert {
    condition     = aws_rds_cluster.database.deletion_protection == var.deletion_protection && aws_rds_cluster.database.backup_retention_period >= 7 && !aws_rds_cluster.database.apply_immediately && aws_rds_cluster.database.preferred_maintenance_window == var.maintenance_window
    error_message = "The cluster must be protected and backed up for a week, and change in its maintenance window."
  }

  assert {
    condition     = length(aws_rds_cluster.database.enabled_cloudwatch_logs_exports) == length(aws_cloudwatch_log_group.database) && join(",", [for p in aws_rds_cluster_parameter_group.database.parameter : p.value if contains(["rds.force_ssl", "require_secure_transport"], p.name)]) == "ON"
    error_message = "Every exported log must have its group. Connections without TLS must be refused, which PostgreSQL does by default from version 17; a parameter that repeats its default is a change in every plan."
  }

  assert {
    condition     = length(aws_rds_cluster_instance.database) == var.database_size.instances && !anytrue(aws_rds_cluster_instance.database[*].publicly_accessible) && alltrue(aws_rds_cluster_instance.database[*].performance_insights_enabled) && aws_rds_cluster_instance.database[0].promotion_tier == 0
    error_message = "There must be as many instances as chosen, none public, each monitored, and the first one promoted first."
  }

  assert {
    condition     = alltrue([for p in aws_rds_cluster_parameter_group.database.parameter : p.value == "utf8mb4" if startswith(p.name, "character_set")]) && alltrue([for p in aws_rds_cluster_parameter_group.database.parameter : p.value == "1" if contains(["slow_query_log", "server_audit_logging"], p.name)]) && contains(aws_rds_cluster_parameter_group.database.parameter[*].name, "general_log") == var.database_log_statements
    error_message = "Every character set must be utf8mb4; slow statements and the audit trail must be logged, and every statement only where that is wanted."
  }

  assert {
    condition     = aws_ssm_parameter.database_host.type == "SecureString" && alltrue([for group in aws_cloudwatch_log_group.database : group.retention_in_days == var.log_retention_days]) && jsondecode(aws_iam_role.database_monitoring.assume_role_policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == data.aws_caller_identity.current.account_id
    error_message = "The host must be kept encrypted, logs must not be kept forever, and only databases of this account may assume the role."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.database.cidr_ipv4 == null && aws_vpc_security_group_ingress_rule.database.from_port == aws_rds_cluster.database.port && aws_vpc_security_group_ingress_rule.database.to_port == aws_rds_cluster.database.port && aws_vpc_security_group_ingress_rule.database.ip_protocol == "tcp" && aws_vpc_security_group_egress_rule.database_client.cidr_ipv4 == null
    error_message = "Only the application may connect, and only to the database port."
  }
}

run "database_leaves_its_data" {
  command = apply

  variables {
    database_kms_key_arn = "arn:aws:kms:xx-example-1:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
  }

  assert {
    condition     = aws_rds_cluster.database.kms_key_id == var.database_kms_key_arn && aws_rds_cluster_instance.database[0].performance_insights_kms_key_id == var.database_kms_key_arn
    error_message = "The key must be the configured one or the AWS managed key: a key destroyed with the database would make its snapshots unreadable."
  }

  assert {
    condition     = endswith(aws_rds_cluster.database.final_snapshot_identifier, "-${substr(aws_security_group.database.id, 3, -1)}")
    error_message = "The last snapshot must have a name of this life of the module, or the next one cannot be destroyed."
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
    error_message = "With a replica the cache must be in several zones and fail over."
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
    condition     = alltrue([for metric in ["HTTPCode_ELB_4XX_Count", "HTTPCode_ELB_5XX_Count", "HTTPCode_Target_4XX_Count", "HTTPCode_Target_5XX_Count"] : aws_cloudwatch_metric_alarm.monitoring["alb-${metric}"].metric_name == metric])
    error_message = "Errors of the load balancer and of the application must be monitored, with AWS's metric names."
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.monitoring_edge : alarm.region == "us-east-1"]) && aws_sns_topic.monitoring_edge.region == "us-east-1" && aws_kms_key.monitoring_edge.region == "us-east-1"
    error_message = "CloudFront reports in us-east-1 only."
  }

  assert {
    condition     = aws_kms_key.monitoring.enable_key_rotation && aws_sns_topic.monitoring.kms_master_key_id == aws_kms_alias.monitoring.name && alltrue([for statement in jsondecode(aws_kms_key.monitoring.policy).Statement : statement.Principal == { Service = "cloudwatch.amazonaws.com" } && statement.Condition.StringEquals["aws:SourceAccount"] == data.aws_caller_identity.current.account_id && toset(statement.Action) == toset(["kms:Decrypt", "kms:GenerateDataKey*"]) if statement.Sid != "AccountByIAM"])
    error_message = "The topic must be encrypted with its own key, which allows only alarms of this account to publish."
  }

  assert {
    condition = (alltrue([
      aws_kms_key.monitoring_edge.enable_key_rotation && aws_kms_key.monitoring_edge.policy == aws_kms_key.monitoring.policy,
    ]) && aws_sns_topic.monitoring_edge.kms_master_key_id == aws_kms_alias.monitoring_edge.name)
    error_message = "The topic in us-east-1 must be encrypted in the same way."
  }

  assert {
    condition     = alltrue([for metric in ["HTTPCode_ELB_5XX_Count", "HTTPCode_Target_5XX_Count"] : aws_cloudwatch_metric_alarm.monitoring["alb-${metric}"].alarm_name == "${var.name}-alb-${metric}-alarm"])
    error_message = "Deployments are rolled back by these alarms, which they refer to by name."
  }

  # Warnings must not trigger an alarm.
  assert {
    condition     = !strcontains(lower(aws_cloudwatch_log_metric_filter.monitoring.pattern), "warning")
    error_message = "Only errors and worse may trigger the log alarm."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.monitoring["database-FreeableMemory"].threshold <= 134217728
    error_message = "Memory must be really low to alarm, and a disk that fills up must be noticed."
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
