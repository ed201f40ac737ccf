# How missing data counts depends on the metric: no errors are good, no data from tasks
# is bad.
proof "cloudwatch-alarm.missing-data" {
  every "aws_cloudwatch_metric_alarm" {
    where {
      metric_name = "HTTPCode_ELB_5XX_Count"
    }

    treat_missing_data = "notBreaching"
  }

  every "aws_cloudwatch_metric_alarm" {
    where {
      metric_name = "HealthyHostCount"
    }

    treat_missing_data = "breaching"
  }

  every "aws_cloudwatch_metric_alarm" {
    treat_missing_data = one_of("notBreaching", "breaching")
  }
}

proof "cloudwatch-alarm.name" {
  every "aws_cloudwatch_metric_alarm" {
    alarm_name = matches("^example-.+-alarm$")
  }
}
