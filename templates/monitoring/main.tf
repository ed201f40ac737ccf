locals {
  # The metrics to monitor, by source. An alarm fires when the given number of the last five minutes are bad. The
  # notes name the metrics; statistics, thresholds and minutes are this module's.
  watched = merge([
    {
      # bpgen:if !var.blue_green
      targets = {
        namespace  = "AWS/ApplicationELB"
        dimensions = { LoadBalancer = var.load_balancer_arn_suffix, TargetGroup = var.target_group_arn_suffix }
        # notes: cloudwatch-metrics.alb-healthy-host-count a metric to watch
        metrics = {
          HealthyHostCount = { statistic = "Minimum", is = "below", threshold = 1, minutes = 3 } # why: without any the site is down
        }
      }

      alb = {
        namespace  = "AWS/ApplicationELB"
        dimensions = { LoadBalancer = var.load_balancer_arn_suffix }
        # notes: cloudwatch-metrics.alb-elb-4xx, cloudwatch-metrics.alb-elb-5xx metrics to watch
        # notes: cloudwatch-metrics.alb-target-4xx, cloudwatch-metrics.alb-target-5xx metrics to watch
        # notes: cloudwatch-metrics.alb-rejected-connection-count, cloudwatch-metrics.alb-target-connection-error-count, cloudwatch-metrics.alb-target-tls-negotiation-error-count metrics to watch
        metrics = {
          HTTPCode_ELB_4XX_Count         = { statistic = "Sum", is = "above", threshold = 100, minutes = 3 } # why: requests that reach no task
          HTTPCode_ELB_5XX_Count         = { statistic = "Sum", is = "above", threshold = 10, minutes = 3 }  # why: no task answers in time
          HTTPCode_Target_4XX_Count      = { statistic = "Sum", is = "above", threshold = 100, minutes = 3 } # why: the application refuses requests
          HTTPCode_Target_5XX_Count      = { statistic = "Sum", is = "above", threshold = 10, minutes = 3 }  # why: the application fails
          RejectedConnectionCount        = { statistic = "Sum", is = "above", threshold = 0, minutes = 3 }   # why: the load balancer is full
          TargetConnectionErrorCount     = { statistic = "Sum", is = "above", threshold = 10, minutes = 3 }  # why: tasks refuse connections
          TargetTLSNegotiationErrorCount = { statistic = "Sum", is = "above", threshold = 10, minutes = 3 }  # why: silent while tasks use HTTP
        }
      }

      service = {
        namespace  = "AWS/ECS"
        dimensions = local.service
        # notes: cloudwatch-metrics.ecs-cpu-utilization, cloudwatch-metrics.ecs-memory-utilization metrics to watch
        metrics = {
          CPUUtilization    = { statistic = "Average", is = "above", threshold = 80, minutes = 5 } # why: auto scaling has reached its limit
          MemoryUtilization = { statistic = "Average", is = "above", threshold = 90, minutes = 5 } # why: at 100 % tasks are killed
        }
      }

      # notes: cloudwatch-metrics.container-insights, cloudwatch-metrics.ecs-running-task-count a metric of Container Insights; it shows when deployments happened
      tasks = {
        namespace  = "ECS/ContainerInsights"
        dimensions = local.service
        metrics = {
          RunningTaskCount = { statistic = "Minimum", is = "below", threshold = 1, minutes = 3 } # why: without any the site is down
        }
      }

      # bpgen:if var.scheduled
      schedules = {
        namespace  = "AWS/Scheduler"
        dimensions = { ScheduleGroup = var.schedule_group }
        metrics = {
          InvocationDroppedCount = { statistic = "Sum", is = "above", threshold = 0, minutes = 1 } # why: a command was not even started
        }
      }

      # bpgen:if var.scheduled
      scheduled = {
        namespace  = "AWS/States"
        dimensions = { StateMachineArn = var.state_machine_arn }
        metrics = {
          ExecutionsFailed = { statistic = "Sum", is = "above", threshold = 0, minutes = 1 } # why: a command did not start or failed
        }
      }

      # bpgen:if var.pipeline
      pipeline = {
        namespace  = "AWS/CodePipeline"
        dimensions = { PipelineName = var.pipeline_name }
        metrics = {
          FailedPipelineExecutions = { statistic = "Sum", is = "above", threshold = 0, minutes = 1 } # why: a new version is not being deployed
        }
      }

      # bpgen:if length(var.database) > 0
      database = {
        namespace  = "AWS/RDS"
        dimensions = var.database
        # notes: cloudwatch-metrics.aurora-cpu-utilization, cloudwatch-metrics.aurora-database-connections, cloudwatch-metrics.aurora-freeable-memory metrics to watch
        # notes: cloudwatch-metrics.rds-cpu-utilization, cloudwatch-metrics.rds-database-connections, cloudwatch-metrics.rds-freeable-memory the same outside Aurora
        # notes: cloudwatch-metrics.rds-unit-difference thresholds in bytes
        # notes: cloudwatch-metrics.aurora-engine-uptime in Aurora only: how long it has been up
        metrics = {
          CPUUtilization      = { statistic = "Maximum", is = "above", threshold = 80, minutes = 5 }        # why: the busiest instance
          DatabaseConnections = { statistic = "Maximum", is = "above", threshold = 70, minutes = 5 }        # why: db.t4g.medium allows 90
          FreeableMemory      = { statistic = "Minimum", is = "below", threshold = 104857600, minutes = 5 } # why: 100 MiB; db.t4g.medium keeps more than that free, but not always 256
          # bpgen:if contains(keys(var.database), "DBClusterIdentifier")
          EngineUptime = { statistic = "Minimum", is = "below", threshold = 300, minutes = 1 } # why: it was just restarted
          # bpgen:if contains(keys(var.database), "DBInstanceIdentifier")
          FreeStorageSpace = { statistic = "Minimum", is = "below", threshold = 1073741824, minutes = 5 } # why: storage grows automatically below a tenth; this little is left only at its limit
        }
      }

      # bpgen:if var.database_proxy
      proxy = {
        namespace  = "AWS/RDS"
        dimensions = { ProxyName = var.database_proxy_name }
        metrics = {
          ClientConnectionsSetupFailedAuth = { statistic = "Sum", is = "above", threshold = 10, minutes = 3 }          # why: tasks cannot log in, or do not use TLS
          DatabaseConnectionsSetupFailed   = { statistic = "Sum", is = "above", threshold = 10, minutes = 3 }          # why: the proxy cannot log in, or the database is full or unavailable
          DatabaseConnectionsBorrowLatency = { statistic = "Average", is = "above", threshold = 1000000, minutes = 5 } # why: in microseconds: requests wait a second for a connection because all are in use
        }
      }

      # bpgen:if var.waf && !var.cdn
      waf = {
        namespace  = "AWS/WAFV2"
        dimensions = { WebACL = var.web_acl_name, Rule = "ALL", Region = data.aws_region.current.id }
        metrics = {
          BlockedRequests = { statistic = "Sum", is = "above", threshold = 500, minutes = 3 } # why: an attack, or a rule that blocks users
        }
      }

      log = {
        namespace  = var.name
        dimensions = {}
        metrics = {
          DetectedLogs = { statistic = "Sum", is = "above", threshold = 0, minutes = 1 } # why: a dead letter always needs attention
        }
      }
    },
    # bpgen:if var.internal
    { for key, name in var.internal_services : "internal-${key}" => {
      namespace  = "ECS/ContainerInsights"
      dimensions = { ClusterName = var.cluster_name, ServiceName = name }
      metrics = {
        RunningTaskCount = { statistic = "Minimum", is = "below", threshold = 1, minutes = 3 } # why: callers get no answer
      }
    } },
    # bpgen:if var.cache
    { for node in var.cache_nodes : trimprefix(node, "${var.name}-") => {
      namespace  = "AWS/ElastiCache"
      dimensions = { CacheClusterId = node }
      metrics = {
        EngineCPUUtilization          = { statistic = "Average", is = "above", threshold = 80, minutes = 5 } # why: the engine uses one core, however many the node has
        DatabaseMemoryUsagePercentage = { statistic = "Maximum", is = "above", threshold = 80, minutes = 5 } # why: near 100 % it evicts keys
      }
    } },
    # bpgen:if var.nat
    { for i, id in var.nat_gateway_ids : "nat-${i + 1}" => {
      namespace  = "AWS/NATGateway"
      dimensions = { NatGatewayId = id }
      metrics = {
        ErrorPortAllocation = { statistic = "Sum", is = "above", threshold = 0, minutes = 3 } # why: no port is left for new connections
      }
    } },
  ]...)

  service = { ClusterName = var.cluster_name, ServiceName = var.service_name } # notes: cloudwatch-metrics.ecs-dimensions together they identify the service

  alarms = merge([for subject, on in local.watched : {
    for metric, limit in on.metrics : "${subject}-${metric}" => merge(limit, { metric = metric, namespace = on.namespace, dimensions = on.dimensions })
  }]...)
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name        = "${var.name}-${each.key}-alarm" # notes: cloudwatch-alarm.name system, subject, alarm
  alarm_description = "What it means and what to do: runbooks/monitoring-alarms.md"

  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  period              = 60
  evaluation_periods  = 5
  datapoints_to_alarm = each.value.minutes # why: a single bad minute is usually noise
  comparison_operator = each.value.is == "above" ? "GreaterThanThreshold" : "LessThanThreshold"
  threshold           = lookup(var.thresholds, each.key, each.value.threshold)
  treat_missing_data  = each.value.is == "above" ? "notBreaching" : "breaching" # notes: cloudwatch-alarm.missing-data no errors is normal, no tasks is not

  alarm_actions = [aws_sns_topic.this.arn]
  ok_actions    = [aws_sns_topic.this.arn]
}

# A stopped instance reports nothing, so missing data is a failure.
# notes: cloudwatch-metrics.ec2-status-check-failed-instance, cloudwatch-metrics.ec2-status-check-failed-system metrics to watch
resource "aws_cloudwatch_metric_alarm" "bastion" {
  for_each = toset(var.bastion ? ["StatusCheckFailed_Instance", "StatusCheckFailed_System"] : [])

  alarm_name        = "${var.name}-bastion-${each.key}-alarm" # notes: cloudwatch-alarm.name system, subject, alarm
  alarm_description = "People cannot reach the database: runbooks/bastion-connect.md"

  namespace           = "AWS/EC2"
  metric_name         = each.key
  dimensions          = { InstanceId = var.bastion_instance_id }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 5
  datapoints_to_alarm = 3 # why: one failed check is usually noise
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "breaching" # notes: cloudwatch-alarm.missing-data no data is not normal here

  alarm_actions = [aws_sns_topic.this.arn]
  ok_actions    = [aws_sns_topic.this.arn]
}

# Blue/green: tasks are in one target group or the other.
resource "aws_cloudwatch_metric_alarm" "healthy_hosts" {
  count = var.blue_green ? 1 : 0

  alarm_name        = "${var.name}-targets-HealthyHostCount-alarm" # notes: cloudwatch-alarm.name system, subject, alarm
  alarm_description = "What it means and what to do: runbooks/monitoring-alarms.md"

  evaluation_periods  = 5
  datapoints_to_alarm = 3
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  treat_missing_data  = "breaching" # notes: cloudwatch-alarm.missing-data no tasks is a failure

  metric_query {
    id          = "healthy"
    expression  = "FILL(blue, 0) + FILL(green, 0)"
    label       = "Healthy targets"
    return_data = true
  }

  dynamic "metric_query" {
    for_each = { blue = var.target_group_arn_suffix, green = var.green_target_group_arn_suffix }

    content {
      id = metric_query.key

      metric {
        namespace   = "AWS/ApplicationELB"
        metric_name = "HealthyHostCount" # notes: cloudwatch-metrics.alb-healthy-host-count a metric to watch
        dimensions  = { LoadBalancer = var.load_balancer_arn_suffix, TargetGroup = metric_query.value }
        stat        = "Minimum"
        period      = 60
      }
    }
  }

  alarm_actions = [aws_sns_topic.this.arn]
  ok_actions    = [aws_sns_topic.this.arn]
}

# Metrics of CloudFront and its WAF are in us-east-1, and their alarms and topics must be there too.
locals {
  edge_alarms = {
    cdn-5xxErrorRate = { namespace = "AWS/CloudFront", metric = "5xxErrorRate", dimensions = { DistributionId = var.distribution_id, Region = "Global" }, statistic = "Average", threshold = 5 } # why: five percent of requests
    # bpgen:if var.waf
    waf-BlockedRequests = { namespace = "AWS/WAFV2", metric = "BlockedRequests", dimensions = { WebACL = var.web_acl_name, Rule = "ALL" }, statistic = "Sum", threshold = 500 } # why: an attack, or a rule that blocks users
  }
}

resource "aws_cloudwatch_metric_alarm" "edge" {
  for_each = var.cdn ? local.edge_alarms : {}

  # bpgen:if var.aws_provider == "5" && var.cdn
  provider = aws.us_east_1
  # bpgen:if var.aws_provider == "6"
  region = "us-east-1"

  alarm_name        = "${var.name}-${each.key}-alarm" # notes: cloudwatch-alarm.name system, subject, alarm
  alarm_description = "What it means and what to do: runbooks/monitoring-alarms.md"

  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  period              = 60
  evaluation_periods  = 5
  datapoints_to_alarm = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = lookup(var.thresholds, each.key, each.value.threshold)
  treat_missing_data  = "notBreaching" # notes: cloudwatch-alarm.missing-data no requests, no errors

  alarm_actions = [aws_sns_topic.edge[0].arn]
  ok_actions    = [aws_sns_topic.edge[0].arn]
}

# Where alarms go. Subscribe to it to be notified.
resource "aws_sns_topic" "this" {
  name              = "${var.name}-alarms"
  kms_master_key_id = aws_kms_alias.this.name
}

# For the topic: the policy of the AWS managed key for SNS does not allow CloudWatch.
resource "aws_kms_key" "this" {
  description         = "Alarms of ${var.name}"
  enable_key_rotation = true
  policy              = local.key_policy
}

resource "aws_kms_alias" "this" {
  name          = "alias/${var.name}-alarms"
  target_key_id = aws_kms_key.this.key_id
}

locals {
  # The account grants permissions through IAM; apart from that, only alarms of this system may publish.
  key_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "AccountByIAM"
        Effect    = "Allow"
        Principal = { AWS = "arn:${data.aws_partition.current.partition}:iam::${data.aws_caller_identity.current.account_id}:root" }
        Action    = "kms:*" # why: a key that its own account cannot manage is lost
        Resource  = "*"
      },
      {
        Sid       = "AlarmsPublish"
        Effect    = "Allow"
        Principal = { Service = "cloudwatch.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:GenerateDataKey*"] # why: required to publish to an encrypted topic
        Resource  = "*"
        Condition = {
          StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id }
          ArnLike      = { "aws:SourceArn" = "arn:${data.aws_partition.current.partition}:cloudwatch:*:${data.aws_caller_identity.current.account_id}:alarm:${var.name}-*" }
        }
      },
    ]
  })
}

resource "aws_sns_topic" "edge" {
  count = var.cdn ? 1 : 0

  # bpgen:if var.aws_provider == "5" && var.cdn
  provider = aws.us_east_1
  # bpgen:if var.aws_provider == "6"
  region = "us-east-1"

  name              = "${var.name}-edge-alarms"
  kms_master_key_id = aws_kms_alias.edge[0].name
}

# A topic needs a key in its own region.
resource "aws_kms_key" "edge" {
  count = var.cdn ? 1 : 0

  # bpgen:if var.aws_provider == "5" && var.cdn
  provider = aws.us_east_1
  # bpgen:if var.aws_provider == "6"
  region = "us-east-1"

  description         = "Alarms of ${var.name} in us-east-1"
  enable_key_rotation = true
  policy              = local.key_policy
}

resource "aws_kms_alias" "edge" {
  count = var.cdn ? 1 : 0

  # bpgen:if var.aws_provider == "5" && var.cdn
  provider = aws.us_east_1
  # bpgen:if var.aws_provider == "6"
  region = "us-east-1"

  name          = "alias/${var.name}-edge-alarms"
  target_key_id = aws_kms_key.edge[0].key_id
}

resource "aws_sns_topic_subscription" "this" {
  for_each = toset(var.emails)

  topic_arn = aws_sns_topic.this.arn
  protocol  = "email"
  endpoint  = each.key
}

resource "aws_sns_topic_subscription" "edge" {
  for_each = var.cdn ? toset(var.emails) : toset([])

  # bpgen:if var.aws_provider == "5" && var.cdn
  provider = aws.us_east_1
  # bpgen:if var.aws_provider == "6"
  region = "us-east-1"

  topic_arn = aws_sns_topic.edge[0].arn
  protocol  = "email"
  endpoint  = each.key
}

# From the log to the alarm: log group, filter, metric, alarm.
resource "aws_cloudwatch_log_metric_filter" "this" {
  name           = "${var.name}-detected-logs"
  log_group_name = var.log_group_name
  pattern        = var.log_pattern

  metric_transformation {
    namespace = var.name
    name      = "DetectedLogs"
    value     = "1" # notes: cloudwatch-alarm.log-metric-value each match counts as one
    unit      = "Count"
  }
}

resource "aws_cloudwatch_query_definition" "this" {
  name            = "${var.name}/detected-logs"
  log_group_names = [var.log_group_name]

  # notes: cloudwatch-logs.insights-query the newest 100 warnings and errors, in upper or lower case
  query_string = <<-EOT
    fields @timestamp, @message, @logStream
    | filter @message like /(?i)(warning|error|critical|emergency|alert)/
    | sort @timestamp desc
    | limit 100
  EOT
}

# One graph for each alarm, with its threshold.
resource "aws_cloudwatch_dashboard" "this" {
  count = var.dashboard ? 1 : 0

  dashboard_name = var.name

  dashboard_body = jsonencode({
    widgets = [for key, alarm in local.alarms : {
      type   = "metric"
      width  = 8
      height = 6
      properties = {
        title       = key
        region      = data.aws_region.current.id
        period      = 60
        stat        = alarm.statistic
        metrics     = [concat([alarm.namespace, alarm.metric], flatten([for name, value in alarm.dimensions : [name, value]]))]
        annotations = { horizontal = [{ label = "Alarm", value = lookup(var.thresholds, key, alarm.threshold) }] }
      }
    }]
  })
}

resource "aws_chatbot_slack_channel_configuration" "this" {
  count = var.chatbot ? 1 : 0

  configuration_name    = "${var.name}-alarms"
  slack_team_id         = var.slack.workspace_id # why: the workspace must be authorised in the console once
  slack_channel_id      = var.slack.channel_id
  sns_topic_arns        = concat([aws_sns_topic.this.arn], aws_sns_topic.edge[*].arn) # notes: chatbot.cloudwatch-sns-chatbot CloudWatch, SNS, Chatbot, chat
  iam_role_arn          = aws_iam_role.chatbot[0].arn
  guardrail_policy_arns = ["arn:${data.aws_partition.current.partition}:iam::aws:policy/CloudWatchReadOnlyAccess"] # why: the channel gets read-only access
}

# For the bot, which draws the alarm's graph.
resource "aws_iam_role" "chatbot" {
  count = var.chatbot ? 1 : 0

  name = "${var.name}-chatbot-${data.aws_region.current.id}" # why: it reads from CloudWatch
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "chatbot.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = data.aws_caller_identity.current.account_id } }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "chatbot" {
  count = var.chatbot ? 1 : 0

  role       = aws_iam_role.chatbot[0].name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/CloudWatchReadOnlyAccess"
}

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}
