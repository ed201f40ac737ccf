locals {
  # The metrics to monitor, by source. An alarm fires when the given number of the last five minutes are bad. The
  # notes name the metrics; statistics, thresholds and minutes are this module's.
  monitoring_watched = merge([
    {
      targets = {
        namespace  = "AWS/ApplicationELB"
        dimensions = { LoadBalancer = aws_lb.load_balancer.arn_suffix, TargetGroup = aws_lb_target_group.load_balancer.arn_suffix }
        # notes cloudwatch-metrics.alb-healthy-host-count: a metric to watch
        metrics = {
          HealthyHostCount = { statistic = "Minimum", is = "below", threshold = 1, minutes = 3 } # why: without any the site is down
        }
      }

      alb = {
        namespace  = "AWS/ApplicationELB"
        dimensions = { LoadBalancer = aws_lb.load_balancer.arn_suffix }
        # notes cloudwatch-metrics.alb-elb-4xx, cloudwatch-metrics.alb-elb-5xx: metrics to watch
        # notes cloudwatch-metrics.alb-target-4xx, cloudwatch-metrics.alb-target-5xx: metrics to watch
        # notes cloudwatch-metrics.alb-rejected-connection-count, cloudwatch-metrics.alb-target-connection-error-count, cloudwatch-metrics.alb-target-tls-negotiation-error-count: metrics to watch
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
        dimensions = local.monitoring_service
        # notes cloudwatch-metrics.ecs-cpu-utilization, cloudwatch-metrics.ecs-memory-utilization: metrics to watch
        metrics = {
          CPUUtilization    = { statistic = "Average", is = "above", threshold = 80, minutes = 5 } # why: auto scaling has reached its limit
          MemoryUtilization = { statistic = "Average", is = "above", threshold = 90, minutes = 5 } # why: at 100 % tasks are killed
        }
      }

      # notes cloudwatch-metrics.container-insights, cloudwatch-metrics.ecs-running-task-count: a metric of Container Insights; it shows when deployments happened
      tasks = {
        namespace  = "ECS/ContainerInsights"
        dimensions = local.monitoring_service
        metrics = {
          RunningTaskCount = { statistic = "Minimum", is = "below", threshold = 1, minutes = 3 } # why: without any the site is down
        }
      }

      database = {
        namespace  = "AWS/RDS"
        dimensions = { DBClusterIdentifier = aws_rds_cluster.database.cluster_identifier }
        # notes cloudwatch-metrics.aurora-cpu-utilization, cloudwatch-metrics.aurora-database-connections, cloudwatch-metrics.aurora-freeable-memory: metrics to watch
        # notes cloudwatch-metrics.rds-cpu-utilization, cloudwatch-metrics.rds-database-connections, cloudwatch-metrics.rds-freeable-memory: the same outside Aurora
        # notes cloudwatch-metrics.rds-unit-difference: thresholds in bytes
        # notes cloudwatch-metrics.aurora-engine-uptime: in Aurora only: how long it has been up
        metrics = {
          CPUUtilization      = { statistic = "Maximum", is = "above", threshold = 80, minutes = 5 }        # why: the busiest instance
          DatabaseConnections = { statistic = "Maximum", is = "above", threshold = 70, minutes = 5 }        # why: db.t4g.medium takes 90
          FreeableMemory      = { statistic = "Minimum", is = "below", threshold = 104857600, minutes = 5 } # why: 100 MiB; db.t4g.medium keeps more than that free, but not always 256
          EngineUptime        = { statistic = "Minimum", is = "below", threshold = 300, minutes = 1 }       # why: it was just restarted
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
    { for node in local.cache_node_ids : trimprefix(node, "${var.name}-") => {
      namespace  = "AWS/ElastiCache"
      dimensions = { CacheClusterId = node }
      metrics = {
        EngineCPUUtilization          = { statistic = "Average", is = "above", threshold = 80, minutes = 5 } # why: the engine uses one core, however many the node has
        DatabaseMemoryUsagePercentage = { statistic = "Maximum", is = "above", threshold = 80, minutes = 5 } # why: near 100 % it evicts keys
      }
    } },
  ]...)

  monitoring_service = { ClusterName = aws_ecs_cluster.service.name, ServiceName = aws_ecs_service.service.name } # notes cloudwatch-metrics.ecs-dimensions: these two tell the service from the cluster

  monitoring_alarms = merge([for subject, on in local.monitoring_watched : {
    for metric, limit in on.metrics : "${subject}-${metric}" => merge(limit, { metric = metric, namespace = on.namespace, dimensions = on.dimensions })
  }]...)
}

resource "aws_cloudwatch_metric_alarm" "monitoring" {
  for_each = local.monitoring_alarms

  alarm_name        = "${var.name}-${each.key}-alarm" # notes cloudwatch-alarm.name: system, subject, alarm
  alarm_description = "What it means and what to do: runbooks/monitoring-alarms.md"

  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  period              = 60
  evaluation_periods  = 5
  datapoints_to_alarm = each.value.minutes # why: a single bad minute is usually noise
  comparison_operator = each.value.is == "above" ? "GreaterThanThreshold" : "LessThanThreshold"
  threshold           = lookup(var.alarm_thresholds, each.key, each.value.threshold)
  treat_missing_data  = each.value.is == "above" ? "notBreaching" : "breaching" # notes cloudwatch-alarm.missing-data: no errors is normal, no tasks is not

  alarm_actions = [aws_sns_topic.monitoring.arn]
  ok_actions    = [aws_sns_topic.monitoring.arn]
}

# Metrics of CloudFront and its WAF are in us-east-1, and their alarms and topics must be there too.
locals {
  monitoring_edge_alarms = {
    cdn-5xxErrorRate    = { namespace = "AWS/CloudFront", metric = "5xxErrorRate", dimensions = { DistributionId = aws_cloudfront_distribution.cdn.id, Region = "Global" }, statistic = "Average", threshold = 5 } # why: five percent of requests
    waf-BlockedRequests = { namespace = "AWS/WAFV2", metric = "BlockedRequests", dimensions = { WebACL = aws_wafv2_web_acl.waf.name, Rule = "ALL" }, statistic = "Sum", threshold = 500 }                          # why: an attack, or a rule that blocks users
  }
}

resource "aws_cloudwatch_metric_alarm" "monitoring_edge" {
  for_each = local.monitoring_edge_alarms

  region = "us-east-1"

  alarm_name        = "${var.name}-${each.key}-alarm" # notes cloudwatch-alarm.name: system, subject, alarm
  alarm_description = "What it means and what to do: runbooks/monitoring-alarms.md"

  namespace           = each.value.namespace
  metric_name         = each.value.metric
  dimensions          = each.value.dimensions
  statistic           = each.value.statistic
  period              = 60
  evaluation_periods  = 5
  datapoints_to_alarm = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = lookup(var.alarm_thresholds, each.key, each.value.threshold)
  treat_missing_data  = "notBreaching" # notes cloudwatch-alarm.missing-data: no requests, no errors

  alarm_actions = [aws_sns_topic.monitoring_edge.arn]
  ok_actions    = [aws_sns_topic.monitoring_edge.arn]
}

# Where alarms go. Subscribe to it to be notified.
resource "aws_sns_topic" "monitoring" {
  name              = "${var.name}-alarms"
  kms_master_key_id = aws_kms_alias.monitoring.name
}

# For the topic: the policy of the AWS managed key for SNS does not allow CloudWatch.
resource "aws_kms_key" "monitoring" {
  description         = "Alarms of ${var.name}"
  enable_key_rotation = true
  policy              = local.monitoring_key_policy
}

resource "aws_kms_alias" "monitoring" {
  name          = "alias/${var.name}-alarms"
  target_key_id = aws_kms_key.monitoring.key_id
}

locals {
  # The account grants permissions through IAM; apart from that, only alarms of this system may publish.
  monitoring_key_policy = jsonencode({
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

resource "aws_sns_topic" "monitoring_edge" {
  region = "us-east-1"

  name              = "${var.name}-edge-alarms"
  kms_master_key_id = aws_kms_alias.monitoring_edge.name
}

# A topic needs a key in its own region.
resource "aws_kms_key" "monitoring_edge" {
  region = "us-east-1"

  description         = "Alarms of ${var.name} in us-east-1"
  enable_key_rotation = true
  policy              = local.monitoring_key_policy
}

resource "aws_kms_alias" "monitoring_edge" {
  region = "us-east-1"

  name          = "alias/${var.name}-edge-alarms"
  target_key_id = aws_kms_key.monitoring_edge.key_id
}

resource "aws_sns_topic_subscription" "monitoring" {
  for_each = toset(var.alarm_emails)

  topic_arn = aws_sns_topic.monitoring.arn
  protocol  = "email"
  endpoint  = each.key
}

resource "aws_sns_topic_subscription" "monitoring_edge" {
  for_each = toset(var.alarm_emails)

  region = "us-east-1"

  topic_arn = aws_sns_topic.monitoring_edge.arn
  protocol  = "email"
  endpoint  = each.key
}

# From the log to the alarm: log group, filter, metric, alarm.
resource "aws_cloudwatch_log_metric_filter" "monitoring" {
  name           = "${var.name}-detected-logs"
  log_group_name = aws_cloudwatch_log_group.service.name
  pattern        = var.alarm_log_pattern

  metric_transformation {
    namespace = var.name
    name      = "DetectedLogs"
    value     = "1" # notes cloudwatch-alarm.log-metric-value: each match counts as one
    unit      = "Count"
  }
}

resource "aws_cloudwatch_query_definition" "monitoring" {
  name            = "${var.name}/detected-logs"
  log_group_names = [aws_cloudwatch_log_group.service.name]

  # notes cloudwatch-logs.insights-query: the newest 100 warnings and errors, in any case
  query_string = <<-EOT
    fields @timestamp, @message, @logStream
    | filter @message like /(?i)(warning|error|critical|emergency|alert)/
    | sort @timestamp desc
    | limit 100
  EOT
}
