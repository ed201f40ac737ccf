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

run "monitoring_calls_somebody" {
  command = apply

  variables {
    alarm_emails = ["ops@example.com"]
  }

  assert {
    condition     = alltrue([for key, alarm in aws_cloudwatch_metric_alarm.monitoring : (alarm.comparison_operator == "LessThanThreshold") == (alarm.treat_missing_data == "breaching")])
    error_message = "Missing data must count as bad for what must not fall, and as good for errors."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.monitoring["targets-HealthyHostCount"].threshold >= 1 && aws_cloudwatch_metric_alarm.monitoring["targets-HealthyHostCount"].treat_missing_data == "breaching"
    error_message = "A system without a healthy task must trigger an alarm."
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
    error_message = "Only really low memory may trigger an alarm, and a disk that fills up must be noticed."
  }

  assert {
    condition     = aws_sns_topic_subscription.monitoring["ops@example.com"].protocol == "email"
    error_message = "Alarms must reach the addresses."
  }

  assert {
    condition     = aws_cloudwatch_log_metric_filter.monitoring.metric_transformation[0].name == "DetectedLogs" && aws_cloudwatch_log_metric_filter.monitoring.metric_transformation[0].namespace == aws_cloudwatch_metric_alarm.monitoring["log-DetectedLogs"].namespace
    error_message = "The alarm must monitor the metric that the log filter writes."
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
    condition     = aws_cloudwatch_metric_alarm.monitoring["targets-HealthyHostCount"].namespace == "AWS/ApplicationELB"
    error_message = "Healthy tasks are counted by the load balancer."
  }

  assert {
    condition     = alltrue([for metric in ["CPUUtilization", "DatabaseConnections", "FreeableMemory"] : aws_cloudwatch_metric_alarm.monitoring["database-${metric}"].namespace == "AWS/RDS" && aws_cloudwatch_metric_alarm.monitoring["database-${metric}"].dimensions == tomap({ DBClusterIdentifier = aws_rds_cluster.database.cluster_identifier })])
    error_message = "Processor, connections and memory of this database must be monitored."
  }

  assert {
    condition     = aws_cloudwatch_metric_alarm.monitoring["database-EngineUptime"].metric_name == "EngineUptime"
    error_message = "A database that was restarted must be noticed."
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.monitoring : contains(["breaching", "notBreaching"], alarm.treat_missing_data)])
    error_message = "An alarm must not be left undecided when there is no data."
  }

  assert {
    condition     = aws_cloudwatch_log_metric_filter.monitoring.metric_transformation[0].value == "1" && aws_cloudwatch_log_metric_filter.monitoring.pattern == var.alarm_log_pattern && alltrue([for level in ["ERROR:", "Error:", "CRITICAL:", "Critical:", "EMERGENCY:", "Emergency:", "ALERT:", "Alert:"] : strcontains(aws_cloudwatch_log_metric_filter.monitoring.pattern, level)])
    error_message = "Every line of the level error and above must count once, in upper or lower case."
  }
}

run "monitoring_refuses_alternatives_with_exclusions" {
  command = plan

  variables {
    alarm_log_pattern = "?\"ERROR:\" ?\"Error:\" -MethodNotAllowedHttpException"
  }

  expect_failures = [var.alarm_log_pattern]
}
