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
  mock_data "aws_vpc_endpoint_service" { defaults = { vpc_endpoint_policy_supported = true } }

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
  mock_resource "aws_vpc" { defaults = { ipv6_cidr_block = "2001:db8::/56" } }
  mock_resource "aws_wafv2_web_acl" { defaults = { arn = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/example/example" } }
}

variables {
  name           = "example"
  domain_name    = "www.example.com"
  hosted_zone_id = "Z0123456789ABCDEFGHIJ"
  image_tag      = "1f0c2d3"
}

run "healthy_targets_counts_both_groups" {
  command = apply

  assert {
    condition     = aws_cloudwatch_metric_alarm.monitoring_healthy_hosts.threshold >= 1 && aws_cloudwatch_metric_alarm.monitoring_healthy_hosts.treat_missing_data == "breaching" && aws_cloudwatch_metric_alarm.monitoring_healthy_hosts.alarm_name == "${var.name}-targets-HealthyHostCount-alarm"
    error_message = "A system without a healthy task must trigger an alarm, which deployments refer to by name."
  }

  assert {
    condition     = toset(flatten([for query in aws_cloudwatch_metric_alarm.monitoring_healthy_hosts.metric_query : [for metric in query.metric : metric.dimensions.TargetGroup]])) == toset([aws_lb_target_group.load_balancer.arn_suffix, aws_lb_target_group.load_balancer_green.arn_suffix])
    error_message = "Targets of both groups must count."
  }
}

run "database_is_protected" {
  command = apply

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
    error_message = "The host must be stored encrypted, logs must not be kept forever, and only databases of this account may assume the role."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.database.cidr_ipv4 == null && aws_vpc_security_group_ingress_rule.database.from_port == aws_rds_cluster.database.port && aws_vpc_security_group_ingress_rule.database.to_port == aws_rds_cluster.database.port && aws_vpc_security_group_ingress_rule.database.ip_protocol == "tcp" && aws_vpc_security_group_egress_rule.database_client.cidr_ipv4 == null
    error_message = "Only the application may connect, and only to the database port."
  }

  assert {
    condition     = aws_rds_cluster.database.engine == "aurora-mysql" && aws_rds_cluster.database.engine_version == var.database_mysql_version && toset(aws_rds_cluster_instance.database[*].auto_minor_version_upgrade) == toset([var.database_mysql_version == "8.0"])
    error_message = "A pinned version must stay, and only a version without a minor number may change."
  }

  assert {
    condition     = toset(aws_rds_cluster_instance.database[*].instance_class) == toset([var.database_size.class]) && aws_rds_cluster_instance.database[*].identifier == [for number in range(var.database_size.instances) : "${var.name}-db-${number + 1}"]
    error_message = "Instances must be of the chosen class, and have the names that runbooks and alarms use."
  }

  assert {
    condition     = var.database_size.instances >= 2 || var.disposable
    error_message = "A cluster that must not be lost needs a replica in another zone."
  }

  assert {
    condition     = aws_rds_cluster.database.backup_retention_period == 7 && alltrue([for instance in aws_rds_cluster_instance.database : !instance.apply_immediately])
    error_message = "Backups must be kept as long as chosen, and instances must change in the maintenance window."
  }

  assert {
    condition     = aws_rds_cluster.database.db_subnet_group_name == aws_db_subnet_group.database.name && aws_db_subnet_group.database.name == "${var.name}-datastore" && aws_rds_cluster.database.db_cluster_parameter_group_name == aws_rds_cluster_parameter_group.database.name
    error_message = "The cluster must be in the data store subnets, with its own parameters."
  }

  assert {
    condition     = aws_rds_cluster.database.vpc_security_group_ids == toset([aws_security_group.database.id]) && aws_vpc_security_group_ingress_rule.database.referenced_security_group_id == aws_security_group.service.id
    error_message = "Only the application may reach the database."
  }

  assert {
    condition     = aws_ssm_parameter.database_host.value == aws_rds_cluster.database.endpoint
    error_message = "The application must write to the writer, whichever instance that is."
  }

  assert {
    condition     = contains([for p in aws_rds_cluster_parameter_group.database.parameter : p.value if contains(["time_zone", "timezone"], p.name)], "Asia/Tokyo")
    error_message = "The database must use the users' time zone."
  }

  assert {
    condition     = contains([for p in aws_rds_cluster_parameter_group.database.parameter : p.value if p.name == "long_query_time"], "3") && alltrue([for p in aws_rds_cluster_parameter_group.database.parameter : p.value == "1" if p.name == "general_log"])
    error_message = "Statements of three seconds and more must be logged as slow."
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
    error_message = "The final snapshot must have a name that is free each time the module is created."
  }
}

run "database_shows_waits_on_a_class_that_rds_does_not_manage" {
  command = plan

  variables {
    database_size = { class = "db.t4g.medium", instances = 2 }
  }

  assert {
    condition     = [for parameter in aws_rds_cluster_parameter_group.database.parameter : parameter.apply_method if parameter.name == "performance_schema" && parameter.value == "1"] == ["pending-reboot"]
    error_message = "The Performance Schema must be on, through a parameter that waits for a restart."
  }
}

run "database_leaves_waits_to_rds_on_other_classes" {
  command = plan

  variables {
    database_size = { class = "db.r7g.large", instances = 2 }
  }

  assert {
    condition     = !contains([for parameter in aws_rds_cluster_parameter_group.database.parameter : parameter.name], "performance_schema")
    error_message = "On other classes RDS must manage the Performance Schema, which shows load in more detail."
  }
}

run "cache_is_protected" {
  command = apply

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
    error_message = "The host must be stored encrypted, and every log must have its group."
  }

  assert {
    condition     = aws_elasticache_replication_group.cache.engine == "redis" && aws_elasticache_replication_group.cache.port == 6379 && aws_elasticache_replication_group.cache.snapshot_retention_limit == var.cache_snapshot_retention_days
    error_message = "Engine, port and backups must be as chosen."
  }

  assert {
    condition     = aws_elasticache_replication_group.cache.num_cache_clusters == var.cache_size.replicas + 1
    error_message = "There must be as many replicas as chosen, in addition to the primary."
  }

  assert {
    condition = alltrue([
      aws_vpc_security_group_ingress_rule.cache.ip_protocol == "tcp" && aws_vpc_security_group_ingress_rule.cache.from_port == aws_elasticache_replication_group.cache.port && aws_vpc_security_group_ingress_rule.cache.to_port == aws_elasticache_replication_group.cache.port,
      aws_vpc_security_group_egress_rule.cache_client.ip_protocol == "tcp" && aws_vpc_security_group_egress_rule.cache_client.from_port == aws_elasticache_replication_group.cache.port && aws_vpc_security_group_egress_rule.cache_client.to_port == aws_elasticache_replication_group.cache.port,
    ])
    error_message = "Only the port of the cache may be open."
  }

  assert {
    condition     = aws_vpc_security_group_ingress_rule.cache.referenced_security_group_id == aws_security_group.service.id && aws_elasticache_replication_group.cache.security_group_ids == toset([aws_security_group.cache.id]) && jsonencode(toset(aws_elasticache_subnet_group.cache.subnet_ids)) == jsonencode(toset(aws_subnet.network_datastore[*].id))
    error_message = "Only the application may reach the cache, which must be in the data store subnets."
  }
}

run "monitoring_decides_what_silence_means" {
  command = apply # the actions are known only then

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.monitoring : alarm.treat_missing_data == "breaching" || alarm.treat_missing_data == "notBreaching" && alarm.comparison_operator == "GreaterThanThreshold"])
    error_message = "Missing data must be bad for a metric that must not fall."
  }

  assert {
    condition     = alltrue([for key, alarm in aws_cloudwatch_metric_alarm.monitoring : alarm.alarm_name == "${var.name}-${key}-alarm" && endswith(key, alarm.metric_name)])
    error_message = "The name of an alarm must consist of system, subject and metric: deployments refer to it by name."
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.monitoring : toset(alarm.alarm_actions) == toset(alarm.ok_actions) && length(alarm.alarm_actions) == 1])
    error_message = "An alarm must also send a notification when it clears."
  }
}

run "monitoring_watches_what_fails" {
  command = plan

  assert {
    condition     = alltrue([for metric in ["HTTPCode_ELB_4XX_Count", "HTTPCode_ELB_5XX_Count", "HTTPCode_Target_4XX_Count", "HTTPCode_Target_5XX_Count"] : aws_cloudwatch_metric_alarm.monitoring["alb-${metric}"].metric_name == metric])
    error_message = "Errors of the load balancer and of the application must be monitored, with AWS's metric names."
  }

  assert {
    condition = alltrue([for key, namespace in {
      alb-RejectedConnectionCount        = "AWS/ApplicationELB"
      alb-TargetConnectionErrorCount     = "AWS/ApplicationELB"
      alb-TargetTLSNegotiationErrorCount = "AWS/ApplicationELB"
      service-CPUUtilization             = "AWS/ECS"
      service-MemoryUtilization          = "AWS/ECS"
      tasks-RunningTaskCount             = "ECS/ContainerInsights"
    } : aws_cloudwatch_metric_alarm.monitoring[key].namespace == namespace && "${split("-", key)[0]}-${aws_cloudwatch_metric_alarm.monitoring[key].metric_name}" == key])
    error_message = "Load balancer, service and tasks must be monitored where AWS reports them: an alarm on a metric that does not exist never fires."
  }

  assert {
    condition     = alltrue([for metric in ["CPUUtilization", "DatabaseConnections", "FreeableMemory"] : aws_cloudwatch_metric_alarm.monitoring["database-${metric}"].namespace == "AWS/RDS" && try(aws_cloudwatch_metric_alarm.monitoring["database-${metric}"].dimensions["DBClusterIdentifier"], null) != null]) && aws_cloudwatch_metric_alarm.monitoring["database-FreeableMemory"].threshold <= 134217728
    error_message = "The database's CPU, connections and memory must be monitored, and only really low memory may trigger an alarm."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.monitoring["database-EngineUptime"].metric_name == "EngineUptime"
    error_message = "A database restart must be noticed."
  }
}

run "edge_monitoring_decides_what_silence_means" {
  command = apply # the actions are known only then

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.monitoring_edge : alarm.treat_missing_data == "breaching" || alarm.treat_missing_data == "notBreaching" && alarm.comparison_operator == "GreaterThanThreshold"])
    error_message = "Missing data must be bad for a metric that must not fall."
  }

  assert {
    condition     = alltrue([for key, alarm in aws_cloudwatch_metric_alarm.monitoring_edge : alarm.alarm_name == "${var.name}-${key}-alarm" && endswith(key, alarm.metric_name)])
    error_message = "The name of an alarm must consist of system, subject and metric: deployments refer to it by name."
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.monitoring_edge : toset(alarm.alarm_actions) == toset(alarm.ok_actions) && length(alarm.alarm_actions) == 1])
    error_message = "An alarm must also send a notification when it clears."
  }
}

run "alarm_topic_calls_somebody" {
  command = apply

  variables {
    alarm_emails = ["ops@example.com"]
  }

  assert {
    condition     = aws_kms_key.monitoring.enable_key_rotation && aws_sns_topic.monitoring.kms_master_key_id == aws_kms_alias.monitoring.name && alltrue([for statement in jsondecode(aws_kms_key.monitoring.policy).Statement : statement.Principal == { Service = "cloudwatch.amazonaws.com" } && statement.Condition.StringEquals["aws:SourceAccount"] == data.aws_caller_identity.current.account_id && toset(statement.Action) == toset(["kms:Decrypt", "kms:GenerateDataKey*"]) if statement.Sid != "AccountByIAM"])
    error_message = "The topic must be encrypted with its own key, which allows only alarms of this account to publish."
  }

  assert {
    condition     = aws_sns_topic_subscription.monitoring["ops@example.com"].protocol == "email"
    error_message = "Alarms must reach the addresses."
  }
}

run "edge_alarm_topic_calls_somebody" {
  command = apply

  variables {
    alarm_emails = ["ops@example.com"]
  }

  assert {
    condition     = aws_kms_key.monitoring_edge.enable_key_rotation && aws_sns_topic.monitoring_edge.kms_master_key_id == aws_kms_alias.monitoring_edge.name && alltrue([for statement in jsondecode(aws_kms_key.monitoring_edge.policy).Statement : statement.Principal == { Service = "cloudwatch.amazonaws.com" } && statement.Condition.StringEquals["aws:SourceAccount"] == data.aws_caller_identity.current.account_id && toset(statement.Action) == toset(["kms:Decrypt", "kms:GenerateDataKey*"]) if statement.Sid != "AccountByIAM"])
    error_message = "The topic must be encrypted with its own key, which allows only alarms of this account to publish."
  }

  assert {
    condition     = aws_sns_topic_subscription.monitoring_edge["ops@example.com"].protocol == "email"
    error_message = "Alarms must reach the addresses."
  }
}

run "log_alarm_counts_errors" {
  command = plan

  # Warnings must not trigger an alarm.
  assert {
    condition     = !strcontains(lower(aws_cloudwatch_log_metric_filter.monitoring.pattern), "warning")
    error_message = "Only errors and worse may trigger the log alarm."
  }

  assert {
    condition     = aws_cloudwatch_log_metric_filter.monitoring.metric_transformation[0].name == "DetectedLogs" && aws_cloudwatch_log_metric_filter.monitoring.metric_transformation[0].namespace == var.name
    error_message = "The filter of the log must write the metric that the alarm watches."
  }

  assert {
    condition     = aws_cloudwatch_log_metric_filter.monitoring.metric_transformation[0].value == "1" && aws_cloudwatch_log_metric_filter.monitoring.pattern == var.alarm_log_pattern && alltrue([for level in ["ERROR:", "Error:", "CRITICAL:", "Critical:", "EMERGENCY:", "Emergency:", "ALERT:", "Alert:"] : strcontains(aws_cloudwatch_log_metric_filter.monitoring.pattern, level)])
    error_message = "Every line at level error or above must count once, in upper case or capitalised."
  }
}

run "log_alarm_refuses_alternatives_with_exclusions" {
  command = plan

  variables {
    alarm_log_pattern = "?\"ERROR:\" ?\"Error:\" -MethodNotAllowedHttpException"
  }

  expect_failures = [var.alarm_log_pattern]
}

run "registry_keeps_tags_and_scans" {
  command = plan

  assert {
    condition     = aws_ecr_repository.registry.image_tag_mutability == "IMMUTABLE" && aws_ecr_repository.registry.image_scanning_configuration[0].scan_on_push
    error_message = "A pushed image must be scanned, and its tag must never refer to another one."
  }

  assert {
    condition     = aws_ecr_repository.registry.encryption_configuration[0].encryption_type == "KMS" && aws_ecr_repository.registry.force_delete == var.disposable
    error_message = "Images must be encrypted with KMS, and a repository that contains some must not be deleted, unless it is disposable."
  }

  assert {
    condition     = [for rule in jsondecode(aws_ecr_lifecycle_policy.registry.policy).rules : rule.selection.tagStatus] == ["untagged", "any"]
    error_message = "Only images without a tag and the oldest ones may be deleted."
  }
}

run "identity_is_for_tasks_alone" {
  command = apply

  assert {
    condition = alltrue([
      jsondecode(aws_iam_role.service_task.assume_role_policy).Statement[0].Principal == { Service = "ecs-tasks.amazonaws.com" },
      jsondecode(aws_iam_role.service_execution.assume_role_policy).Statement[0].Principal == { Service = "ecs-tasks.amazonaws.com" },
    ])
    error_message = "Only tasks may assume the task roles."
  }

  assert {
    condition     = endswith(aws_iam_role_policy_attachment.service_execution.policy_arn, ":policy/service-role/AmazonECSTaskExecutionRolePolicy") && aws_iam_role_policy_attachment.service_execution.role == aws_iam_role.service_execution.name
    error_message = "The agent may pull images and write logs, and nothing more."
  }
}
