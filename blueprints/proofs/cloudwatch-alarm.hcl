# How missing data counts depends on what is measured: for errors it does not breach,
# for what tasks report it does.
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
