proof "cloudwatch-metrics.alb-healthy-host-count" {
  some "aws_cloudwatch_metric_alarm" {
    namespace     = "AWS/ApplicationELB"
    metric_name   = "HealthyHostCount"
    alarm_actions = set()
  }
}

proof "cloudwatch-metrics.alb-elb-4xx" {
  some "aws_cloudwatch_metric_alarm" {
    namespace     = "AWS/ApplicationELB"
    metric_name   = "HTTPCode_ELB_4XX_Count"
    alarm_actions = set()
  }
}

proof "cloudwatch-metrics.alb-elb-5xx" {
  some "aws_cloudwatch_metric_alarm" {
    namespace     = "AWS/ApplicationELB"
    metric_name   = "HTTPCode_ELB_5XX_Count"
    alarm_actions = set()
  }
}

# CloudWatch spells these two as here; the notes' spelling would never match.
proof "cloudwatch-metrics.alb-target-4xx" {
  some "aws_cloudwatch_metric_alarm" {
    namespace     = "AWS/ApplicationELB"
    metric_name   = "HTTPCode_Target_4XX_Count"
    alarm_actions = set()
  }
}

proof "cloudwatch-metrics.alb-target-5xx" {
  some "aws_cloudwatch_metric_alarm" {
    namespace     = "AWS/ApplicationELB"
    metric_name   = "HTTPCode_Target_5XX_Count"
    alarm_actions = set()
  }
}

proof "cloudwatch-metrics.alb-rejected-connection-count" {
  some "aws_cloudwatch_metric_alarm" {
    namespace     = "AWS/ApplicationELB"
    metric_name   = "RejectedConnectionCount"
    alarm_actions = set()
  }
}

proof "cloudwatch-metrics.alb-target-connection-error-count" {
  some "aws_cloudwatch_metric_alarm" {
    namespace     = "AWS/ApplicationELB"
    metric_name   = "TargetConnectionErrorCount"
    alarm_actions = set()
  }
}

proof "cloudwatch-metrics.alb-target-tls-negotiation-error-count" {
  some "aws_cloudwatch_metric_alarm" {
    namespace     = "AWS/ApplicationELB"
    metric_name   = "TargetTLSNegotiationErrorCount"
    alarm_actions = set()
  }
}

# The architecture has no API Gateway. Adding one with its alarms but without this one
# is reported.
proof "cloudwatch-metrics.api-gateway-integration-latency" {
  rule "api-gateway-metrics" {
    add {
      text = <<-EOT
        resource "aws_cloudwatch_metric_alarm" "latency" {
          alarm_name          = "latency"
          namespace           = "AWS/ApiGateway"
          metric_name         = "Latency"
          comparison_operator = "GreaterThanThreshold"
          threshold           = 10
          evaluation_periods  = 5
          treat_missing_data  = "breaching"
        }

        resource "aws_cloudwatch_metric_alarm" "errors_4" {
          alarm_name          = "errors_4"
          namespace           = "AWS/ApiGateway"
          metric_name         = "4XXError"
          comparison_operator = "GreaterThanThreshold"
          threshold           = 10
          evaluation_periods  = 5
          treat_missing_data  = "breaching"
        }

        resource "aws_cloudwatch_metric_alarm" "errors_5" {
          alarm_name          = "errors_5"
          namespace           = "AWS/ApiGateway"
          metric_name         = "5XXError"
          comparison_operator = "GreaterThanThreshold"
          threshold           = 10
          evaluation_periods  = 5
          treat_missing_data  = "breaching"
        }
      EOT
    }
  }
}

proof "cloudwatch-metrics.api-gateway-latency" {
  rule "api-gateway-metrics" {
    add {
      text = <<-EOT
        resource "aws_cloudwatch_metric_alarm" "integration_latency" {
          alarm_name          = "integration_latency"
          namespace           = "AWS/ApiGateway"
          metric_name         = "IntegrationLatency"
          comparison_operator = "GreaterThanThreshold"
          threshold           = 10
          evaluation_periods  = 5
          treat_missing_data  = "breaching"
        }

        resource "aws_cloudwatch_metric_alarm" "errors_4" {
          alarm_name          = "errors_4"
          namespace           = "AWS/ApiGateway"
          metric_name         = "4XXError"
          comparison_operator = "GreaterThanThreshold"
          threshold           = 10
          evaluation_periods  = 5
          treat_missing_data  = "breaching"
        }

        resource "aws_cloudwatch_metric_alarm" "errors_5" {
          alarm_name          = "errors_5"
          namespace           = "AWS/ApiGateway"
          metric_name         = "5XXError"
          comparison_operator = "GreaterThanThreshold"
          threshold           = 10
          evaluation_periods  = 5
          treat_missing_data  = "breaching"
        }
      EOT
    }
  }
}

proof "cloudwatch-metrics.api-gateway-4xx-error" {
  rule "api-gateway-metrics" {
    add {
      text = <<-EOT
        resource "aws_cloudwatch_metric_alarm" "integration_latency" {
          alarm_name          = "integration_latency"
          namespace           = "AWS/ApiGateway"
          metric_name         = "IntegrationLatency"
          comparison_operator = "GreaterThanThreshold"
          threshold           = 10
          evaluation_periods  = 5
          treat_missing_data  = "breaching"
        }

        resource "aws_cloudwatch_metric_alarm" "latency" {
          alarm_name          = "latency"
          namespace           = "AWS/ApiGateway"
          metric_name         = "Latency"
          comparison_operator = "GreaterThanThreshold"
          threshold           = 10
          evaluation_periods  = 5
          treat_missing_data  = "breaching"
        }

        resource "aws_cloudwatch_metric_alarm" "errors_5" {
          alarm_name          = "errors_5"
          namespace           = "AWS/ApiGateway"
          metric_name         = "5XXError"
          comparison_operator = "GreaterThanThreshold"
          threshold           = 10
          evaluation_periods  = 5
          treat_missing_data  = "breaching"
        }
      EOT
    }
  }
}

proof "cloudwatch-metrics.api-gateway-5xx-error" {
  rule "api-gateway-metrics" {
    add {
      text = <<-EOT
        resource "aws_cloudwatch_metric_alarm" "integration_latency" {
          alarm_name          = "integration_latency"
          namespace           = "AWS/ApiGateway"
          metric_name         = "IntegrationLatency"
          comparison_operator = "GreaterThanThreshold"
          threshold           = 10
          evaluation_periods  = 5
          treat_missing_data  = "breaching"
        }

        resource "aws_cloudwatch_metric_alarm" "latency" {
          alarm_name          = "latency"
          namespace           = "AWS/ApiGateway"
          metric_name         = "Latency"
          comparison_operator = "GreaterThanThreshold"
          threshold           = 10
          evaluation_periods  = 5
          treat_missing_data  = "breaching"
        }

        resource "aws_cloudwatch_metric_alarm" "errors_4" {
          alarm_name          = "errors_4"
          namespace           = "AWS/ApiGateway"
          metric_name         = "4XXError"
          comparison_operator = "GreaterThanThreshold"
          threshold           = 10
          evaluation_periods  = 5
          treat_missing_data  = "breaching"
        }
      EOT
    }
  }
}

# Nor does it have EC2 instances.
proof "cloudwatch-metrics.ec2-status-check-failed-instance" {
  rule "instance-metrics" {
    add {
      text = <<-EOT
        resource "aws_cloudwatch_metric_alarm" "server" {
          alarm_name          = "server"
          namespace           = "AWS/EC2"
          metric_name         = "StatusCheckFailed_System"
          comparison_operator = "GreaterThanThreshold"
          threshold           = 10
          evaluation_periods  = 5
          treat_missing_data  = "breaching"
        }
      EOT
    }
  }
}

proof "cloudwatch-metrics.ec2-status-check-failed-system" {
  rule "instance-metrics" {
    add {
      text = <<-EOT
        resource "aws_cloudwatch_metric_alarm" "server" {
          alarm_name          = "server"
          namespace           = "AWS/EC2"
          metric_name         = "StatusCheckFailed_Instance"
          comparison_operator = "GreaterThanThreshold"
          threshold           = 10
          evaluation_periods  = 5
          treat_missing_data  = "breaching"
        }
      EOT
    }
  }
}

proof "cloudwatch-metrics.ecs-cpu-utilization" {
  some "aws_cloudwatch_metric_alarm" {
    namespace     = "AWS/ECS"
    metric_name   = "CPUUtilization"
    alarm_actions = set()
  }
}

proof "cloudwatch-metrics.ecs-memory-utilization" {
  some "aws_cloudwatch_metric_alarm" {
    namespace     = "AWS/ECS"
    metric_name   = "MemoryUtilization"
    alarm_actions = set()
  }
}

# Container Insights reports it, in a namespace of its own.
proof "cloudwatch-metrics.ecs-running-task-count" {
  some "aws_cloudwatch_metric_alarm" {
    namespace     = "ECS/ContainerInsights"
    metric_name   = "RunningTaskCount"
    alarm_actions = set()
  }

  every "aws_ecs_cluster" {
    setting {
      name  = "containerInsights"
      value = one_of("enabled", "enhanced")
    }
  }
}

proof "cloudwatch-metrics.aurora-cpu-utilization" {
  some "aws_rds_cluster" {
  }

  some "aws_cloudwatch_metric_alarm" {
    namespace     = "AWS/RDS"
    metric_name   = "CPUUtilization"
    alarm_actions = set()
    dimensions    = { DBClusterIdentifier = set() }
  }
}

proof "cloudwatch-metrics.aurora-database-connections" {
  some "aws_rds_cluster" {
  }

  some "aws_cloudwatch_metric_alarm" {
    namespace     = "AWS/RDS"
    metric_name   = "DatabaseConnections"
    alarm_actions = set()
    dimensions    = { DBClusterIdentifier = set() }
  }
}

proof "cloudwatch-metrics.aurora-freeable-memory" {
  some "aws_rds_cluster" {
  }

  some "aws_cloudwatch_metric_alarm" {
    namespace     = "AWS/RDS"
    metric_name   = "FreeableMemory"
    alarm_actions = set()
    dimensions    = { DBClusterIdentifier = set() }
  }
}

proof "cloudwatch-metrics.aurora-engine-uptime" {
  some "aws_rds_cluster" {
  }

  some "aws_cloudwatch_metric_alarm" {
    namespace     = "AWS/RDS"
    metric_name   = "EngineUptime"
    alarm_actions = set()
    dimensions    = { DBClusterIdentifier = set() }
  }
}

proof "cloudwatch-metrics.rds-cpu-utilization" {
  options = { database = "mysql" }

  some "aws_db_instance" {
  }

  some "aws_cloudwatch_metric_alarm" {
    namespace     = "AWS/RDS"
    metric_name   = "CPUUtilization"
    alarm_actions = set()
    dimensions    = { DBInstanceIdentifier = set() }
  }
}

proof "cloudwatch-metrics.rds-database-connections" {
  options = { database = "mysql" }

  some "aws_db_instance" {
  }

  some "aws_cloudwatch_metric_alarm" {
    namespace     = "AWS/RDS"
    metric_name   = "DatabaseConnections"
    alarm_actions = set()
    dimensions    = { DBInstanceIdentifier = set() }
  }
}

proof "cloudwatch-metrics.rds-freeable-memory" {
  options = { database = "mysql" }

  some "aws_db_instance" {
  }

  some "aws_cloudwatch_metric_alarm" {
    namespace     = "AWS/RDS"
    metric_name   = "FreeableMemory"
    alarm_actions = set()
    dimensions    = { DBInstanceIdentifier = set() }
  }
}

# For the default class; for others RDS turns it on unless the parameter is set.
proof "cloudwatch-metrics.performance-schema" {
  every "aws_rds_cluster_instance" {
    performance_insights_enabled = true
  }

  every "aws_rds_cluster_parameter_group" {
    parameter {
      where {
        name = "performance_schema"
      }

      value        = "1"
      apply_method = "pending-reboot"
    }
  }
}

# Departed: the cluster's setting, not the account's.
proof "cloudwatch-metrics.container-insights-account-setting" {
  every "aws_ecs_cluster" {
    setting {
      name  = "containerInsights"
      value = "enabled"
    }
  }
}
