mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name            = "example"
  topic_arn       = "arn:aws:sns:xx-example-1:123456789012:example-alarms"
  deployment_keys = ["alb-HTTPCode_ELB_5XX_Count"]

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
        metrics    = { HTTPCode_ELB_5XX_Count = { statistic = "Sum", is = "above", threshold = 10, minutes = 3 } }
      }
    },
    {
      "" = {
        namespace  = "AWS/EC2"
        dimensions = { InstanceId = "i-0123456789abcdef0" }
        metrics    = { StatusCheckFailed_System = { statistic = "Maximum", is = "above", threshold = 0, minutes = 3, missing = "breaching" } }
      }
    },
  ]
}

run "decides_what_silence_means" {
  command = apply # the actions are known only then

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : alarm.treat_missing_data == "breaching" || alarm.treat_missing_data == "notBreaching" && alarm.comparison_operator == "GreaterThanThreshold"])
    error_message = "Missing data must be bad for a metric that must not fall."
  }

  assert {
    condition     = alltrue([for key, alarm in aws_cloudwatch_metric_alarm.this : alarm.alarm_name == "${var.name}-${key}-alarm" && endswith(key, alarm.metric_name)])
    error_message = "The name of an alarm must consist of system, subject and metric: deployments refer to it by name."
  }

  assert {
    condition     = alltrue([for alarm in aws_cloudwatch_metric_alarm.this : toset(alarm.alarm_actions) == toset(alarm.ok_actions) && length(alarm.alarm_actions) == 1])
    error_message = "An alarm must also send a notification when it clears."
  }
}
