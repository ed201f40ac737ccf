mock_provider "aws" {
  source = "./tests/mocks"
}

# bpgen:if var.aws_provider == "5" && var.cdn
mock_provider "aws" {
  alias = "us_east_1"
}

variables {
  name                          = "example"
  cdn                           = true
  waf                           = true
  cache                         = true
  load_balancer_arn_suffix      = "app/example/0123456789abcdef"
  target_group_arn_suffix       = "targetgroup/example/0123456789abcdef"
  green_target_group_arn_suffix = "targetgroup/green/0123456789abcdef"
  cluster_name                  = "example"
  service_name                  = "example"
  log_group_name                = "/ecs/example"
  database                      = { DBClusterIdentifier = "example-db" }
  cache_nodes                   = ["example-cache-001"]
  distribution_id               = "E0123456789ABC"
  web_acl_name                  = "example"
  internal_services             = { orders = "example-orders" }
  schedule_group                = "example"
  state_machine_arn             = "arn:aws:states:xx-example-1:123456789012:stateMachine:example-scheduled"
  pipeline_name                 = "example"
  database_proxy_name           = "example-db"
}

run "calls_somebody" {
  command = apply

  variables {
    emails = ["ops@example.com"]
  }

  assert {
    condition     = alltrue([for key, alarm in aws_cloudwatch_metric_alarm.this : (alarm.comparison_operator == "LessThanThreshold") == (alarm.treat_missing_data == "breaching")])
    error_message = "Missing data must count as bad for what must not fall, and as good for errors."
  }

  # bpgen:if !var.blue_green
  assert {
    condition     = aws_cloudwatch_metric_alarm.this["targets-HealthyHostCount"].threshold >= 1 && aws_cloudwatch_metric_alarm.this["targets-HealthyHostCount"].treat_missing_data == "breaching"
    error_message = "A system without a healthy task must trigger an alarm."
  }

  assert {
    condition     = alltrue([for metric in ["HTTPCode_ELB_4XX_Count", "HTTPCode_ELB_5XX_Count", "HTTPCode_Target_4XX_Count", "HTTPCode_Target_5XX_Count"] : aws_cloudwatch_metric_alarm.this["alb-${metric}"].metric_name == metric])
    error_message = "Errors of the load balancer and of the application must be monitored, with AWS's metric names."
  }

  # bpgen:if var.cdn && var.aws_provider == "6"
  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.edge : alarm.region == "us-east-1"]) && aws_sns_topic.edge[0].region == "us-east-1" && aws_kms_key.edge[0].region == "us-east-1"
    error_message = "CloudFront reports in us-east-1 only."
  }

  assert {
    condition     = aws_kms_key.this.enable_key_rotation && aws_sns_topic.this.kms_master_key_id == aws_kms_alias.this.name && alltrue([for statement in jsondecode(aws_kms_key.this.policy).Statement : statement.Principal == { Service = "cloudwatch.amazonaws.com" } && statement.Condition.StringEquals["aws:SourceAccount"] == data.aws_caller_identity.current.account_id && toset(statement.Action) == toset(["kms:Decrypt", "kms:GenerateDataKey*"]) if statement.Sid != "AccountByIAM"])
    error_message = "The topic must be encrypted with its own key, which allows only alarms of this account to publish."
  }

  # bpgen:if var.cdn
  assert {
    condition     = alltrue([for key in aws_kms_key.edge : key.enable_key_rotation && key.policy == aws_kms_key.this.policy]) && aws_sns_topic.edge[0].kms_master_key_id == aws_kms_alias.edge[0].name
    error_message = "The topic in us-east-1 must be encrypted in the same way."
  }

  assert {
    condition     = alltrue([for metric in ["HTTPCode_ELB_5XX_Count", "HTTPCode_Target_5XX_Count"] : aws_cloudwatch_metric_alarm.this["alb-${metric}"].alarm_name == "${var.name}-alb-${metric}-alarm"])
    error_message = "Deployments are rolled back by these alarms, which they refer to by name."
  }

  # Warnings must not trigger an alarm.
  assert {
    condition     = !strcontains(lower(aws_cloudwatch_log_metric_filter.this.pattern), "warning")
    error_message = "Only errors and worse may trigger the log alarm."
  }

  # bpgen:if length(var.database) > 0
  assert {
    condition     = aws_cloudwatch_metric_alarm.this["database-FreeableMemory"].threshold <= 134217728 && (contains(keys(var.database), "DBInstanceIdentifier") ? contains(keys(aws_cloudwatch_metric_alarm.this), "database-FreeStorageSpace") : true)
    error_message = "Only really low memory may trigger an alarm, and a disk that fills up must be noticed."
  }

  # bpgen:if var.database_proxy
  assert {
    condition     = alltrue([for metric in ["ClientConnectionsSetupFailedAuth", "DatabaseConnectionsSetupFailed", "DatabaseConnectionsBorrowLatency"] : aws_cloudwatch_metric_alarm.this["proxy-${metric}"].dimensions == tomap({ ProxyName = var.database_proxy_name })])
    error_message = "A proxy that rejects every login, finds no database or has no connection left must be noticed."
  }

  # bpgen:if var.pipeline
  assert {
    condition     = aws_cloudwatch_metric_alarm.this["pipeline-FailedPipelineExecutions"].dimensions == tomap({ PipelineName = var.pipeline_name })
    error_message = "A pipeline that fails must be noticed."
  }

  # bpgen:if var.scheduled
  assert {
    condition     = aws_cloudwatch_metric_alarm.this["scheduled-ExecutionsFailed"].threshold == 0 && aws_cloudwatch_metric_alarm.this["schedules-InvocationDroppedCount"].threshold == 0
    error_message = "A command that does not start or that fails must be noticed."
  }

  # bpgen:if var.internal
  assert {
    condition     = alltrue([for key in keys(var.internal_services) : aws_cloudwatch_metric_alarm.this["internal-${key}-RunningTaskCount"].treat_missing_data == "breaching"])
    error_message = "An internal service without a task must be noticed."
  }

  assert {
    condition     = aws_sns_topic_subscription.this["ops@example.com"].protocol == "email"
    error_message = "Alarms must reach the addresses."
  }

  assert {
    condition     = aws_cloudwatch_log_metric_filter.this.metric_transformation[0].name == "DetectedLogs" && aws_cloudwatch_log_metric_filter.this.metric_transformation[0].namespace == aws_cloudwatch_metric_alarm.this["log-DetectedLogs"].namespace
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
    } : aws_cloudwatch_metric_alarm.this[key].namespace == namespace && "${split("-", key)[0]}-${aws_cloudwatch_metric_alarm.this[key].metric_name}" == key])
    error_message = "Load balancer, service and tasks must be monitored where AWS reports them: an alarm on a metric that does not exist never fires."
  }

  # bpgen:if !var.blue_green
  assert {
    condition     = aws_cloudwatch_metric_alarm.this["targets-HealthyHostCount"].namespace == "AWS/ApplicationELB"
    error_message = "Healthy tasks are counted by the load balancer."
  }

  # bpgen:if length(var.database) > 0
  assert {
    condition     = alltrue([for metric in ["CPUUtilization", "DatabaseConnections", "FreeableMemory"] : aws_cloudwatch_metric_alarm.this["database-${metric}"].namespace == "AWS/RDS" && aws_cloudwatch_metric_alarm.this["database-${metric}"].dimensions == tomap(var.database)])
    error_message = "Processor, connections and memory of this database must be monitored."
  }

  # bpgen:if contains(keys(var.database), "DBClusterIdentifier")
  assert {
    condition     = aws_cloudwatch_metric_alarm.this["database-EngineUptime"].metric_name == "EngineUptime"
    error_message = "A database that was restarted must be noticed."
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : contains(["breaching", "notBreaching"], alarm.treat_missing_data)])
    error_message = "An alarm must not be left undecided when there is no data."
  }

  assert {
    condition     = aws_cloudwatch_log_metric_filter.this.metric_transformation[0].value == "1" && aws_cloudwatch_log_metric_filter.this.pattern == var.log_pattern && alltrue([for level in ["ERROR:", "Error:", "CRITICAL:", "Critical:", "EMERGENCY:", "Emergency:", "ALERT:", "Alert:"] : strcontains(aws_cloudwatch_log_metric_filter.this.pattern, level)])
    error_message = "Every line of the level error and above must count once, in upper or lower case."
  }
}

run "refuses_alternatives_with_exclusions" {
  command = plan

  variables {
    log_pattern = "?\"ERROR:\" ?\"Error:\" -MethodNotAllowedHttpException"
  }

  expect_failures = [var.log_pattern]
}
