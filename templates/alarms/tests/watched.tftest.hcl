mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name      = "example"
  topic_arn = "arn:aws:sns:xx-example-1:123456789012:example-alarms"
  subjects  = ["alb", "service", "cluster"]

  alarms = [
    {
      targets = {
        namespace  = "AWS/ApplicationELB"
        dimensions = { LoadBalancer = "app/example/0123456789abcdef", TargetGroup = "targetgroup/example/0123456789abcdef" }
        metrics    = { HealthyHostCount = { statistic = "Minimum", is = "below", threshold = 1, minutes = 3 } }
      }
      alb = {
        namespace  = "AWS/ApplicationELB"
        dimensions = { LoadBalancer = "app/example/0123456789abcdef" }
        metrics = {
          HTTPCode_ELB_4XX_Count         = { statistic = "Sum", is = "above", threshold = 100, minutes = 3 }
          HTTPCode_ELB_5XX_Count         = { statistic = "Sum", is = "above", threshold = 10, minutes = 3 }
          HTTPCode_Target_4XX_Count      = { statistic = "Sum", is = "above", threshold = 100, minutes = 3 }
          HTTPCode_Target_5XX_Count      = { statistic = "Sum", is = "above", threshold = 10, minutes = 3 }
          RejectedConnectionCount        = { statistic = "Sum", is = "above", threshold = 0, minutes = 3 }
          TargetConnectionErrorCount     = { statistic = "Sum", is = "above", threshold = 10, minutes = 3 }
          TargetTLSNegotiationErrorCount = { statistic = "Sum", is = "above", threshold = 10, minutes = 3 }
        }
      }
      service = {
        namespace  = "AWS/ECS"
        dimensions = { ClusterName = "example", ServiceName = "example" }
        metrics = {
          CPUUtilization    = { statistic = "Average", is = "above", threshold = 80, minutes = 5 }
          MemoryUtilization = { statistic = "Average", is = "above", threshold = 90, minutes = 5 }
        }
      }
      tasks = {
        namespace  = "ECS/ContainerInsights"
        dimensions = { ClusterName = "example", ServiceName = "example" }
        metrics    = { RunningTaskCount = { statistic = "Minimum", is = "below", threshold = 1, minutes = 3 } }
      }
      database = {
        namespace  = "AWS/RDS"
        dimensions = { DBClusterIdentifier = "example-db" }
        metrics = {
          CPUUtilization      = { statistic = "Maximum", is = "above", threshold = 80, minutes = 5 }
          DatabaseConnections = { statistic = "Maximum", is = "above", threshold = 70, minutes = 5 }
          FreeableMemory      = { statistic = "Minimum", is = "below", threshold = 104857600, minutes = 5 }
          FreeStorageSpace    = { statistic = "Minimum", is = "below", threshold = 1073741824, minutes = 5 }
          EngineUptime        = { statistic = "Minimum", is = "below", threshold = 300, minutes = 1 }
        }
      }
      proxy = {
        namespace  = "AWS/RDS"
        dimensions = { ProxyName = "example-db" }
        metrics = {
          ClientConnectionsSetupFailedAuth = { statistic = "Sum", is = "above", threshold = 10, minutes = 3 }
          DatabaseConnectionsSetupFailed   = { statistic = "Sum", is = "above", threshold = 10, minutes = 3 }
          DatabaseConnectionsBorrowLatency = { statistic = "Average", is = "above", threshold = 1000000, minutes = 5 }
        }
      }
      scheduled = {
        namespace  = "AWS/States"
        dimensions = { StateMachineArn = "arn:aws:states:xx-example-1:123456789012:stateMachine:example-scheduled" }
        metrics    = { ExecutionsFailed = { statistic = "Sum", is = "above", threshold = 0, minutes = 1 } }
      }
      schedules = {
        namespace  = "AWS/Scheduler"
        dimensions = { ScheduleGroup = "example" }
        metrics    = { InvocationDroppedCount = { statistic = "Sum", is = "above", threshold = 0, minutes = 1 } }
      }
      pipeline = {
        namespace  = "AWS/CodePipeline"
        dimensions = { PipelineName = "example" }
        metrics    = { FailedPipelineExecutions = { statistic = "Sum", is = "above", threshold = 0, minutes = 1 } }
      }
    },
  ]
}

# bpgen:if length(var.subjects) > 0
run "watches_what_fails" {
  command = plan

  # bpgen:if contains(var.subjects, "alb") && !var.blue_green
  assert {
    condition     = aws_cloudwatch_metric_alarm.this["targets-HealthyHostCount"].threshold >= 1 && aws_cloudwatch_metric_alarm.this["targets-HealthyHostCount"].treat_missing_data == "breaching" && aws_cloudwatch_metric_alarm.this["targets-HealthyHostCount"].namespace == "AWS/ApplicationELB"
    error_message = "A system without a healthy task must trigger an alarm."
  }

  # bpgen:if contains(var.subjects, "alb")
  assert {
    condition     = alltrue([for metric in ["HTTPCode_ELB_4XX_Count", "HTTPCode_ELB_5XX_Count", "HTTPCode_Target_4XX_Count", "HTTPCode_Target_5XX_Count"] : aws_cloudwatch_metric_alarm.this["alb-${metric}"].metric_name == metric])
    error_message = "Errors of the load balancer and of the application must be monitored, with AWS's metric names."
  }

  # bpgen:if contains(var.subjects, "alb") && contains(var.subjects, "service")
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

  # bpgen:if contains(var.subjects, "cluster") || contains(var.subjects, "instance")
  assert {
    condition     = alltrue([for metric in ["CPUUtilization", "DatabaseConnections", "FreeableMemory"] : aws_cloudwatch_metric_alarm.this["database-${metric}"].namespace == "AWS/RDS" && try(aws_cloudwatch_metric_alarm.this["database-${metric}"].dimensions[contains(var.subjects, "cluster") ? "DBClusterIdentifier" : "DBInstanceIdentifier"], null) != null]) && aws_cloudwatch_metric_alarm.this["database-FreeableMemory"].threshold <= 134217728
    error_message = "The database's CPU, connections and memory must be monitored, and only really low memory may trigger an alarm."
  }

  # bpgen:if contains(var.subjects, "cluster")
  assert {
    condition     = aws_cloudwatch_metric_alarm.this["database-EngineUptime"].metric_name == "EngineUptime"
    error_message = "A database restart must be noticed."
  }

  # bpgen:if contains(var.subjects, "instance")
  assert {
    condition     = aws_cloudwatch_metric_alarm.this["database-FreeStorageSpace"].metric_name == "FreeStorageSpace"
    error_message = "A disk that fills up must be noticed."
  }

  # bpgen:if contains(var.subjects, "proxy")
  assert {
    condition     = alltrue([for metric in ["ClientConnectionsSetupFailedAuth", "DatabaseConnectionsSetupFailed", "DatabaseConnectionsBorrowLatency"] : try(aws_cloudwatch_metric_alarm.this["proxy-${metric}"].dimensions["ProxyName"], null) != null])
    error_message = "A proxy that rejects every login, finds no database or has no connection left must be noticed."
  }

  # bpgen:if contains(var.subjects, "pipeline")
  assert {
    condition     = contains(keys(aws_cloudwatch_metric_alarm.this["pipeline-FailedPipelineExecutions"].dimensions), "PipelineName")
    error_message = "A pipeline that fails must be noticed."
  }

  # bpgen:if contains(var.subjects, "scheduled")
  assert {
    condition     = aws_cloudwatch_metric_alarm.this["scheduled-ExecutionsFailed"].threshold == 0 && aws_cloudwatch_metric_alarm.this["schedules-InvocationDroppedCount"].threshold == 0
    error_message = "A command that does not start or that fails must be noticed."
  }
}
