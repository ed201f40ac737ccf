mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name           = "example"
  log_group_name = "/ecs/example"
}

run "counts_errors" {
  command = plan

  # Warnings must not trigger an alarm.
  assert {
    condition     = !strcontains(lower(aws_cloudwatch_log_metric_filter.this.pattern), "warning")
    error_message = "Only errors and worse may trigger the log alarm."
  }

  assert {
    condition     = aws_cloudwatch_log_metric_filter.this.metric_transformation[0].name == "DetectedLogs" && aws_cloudwatch_log_metric_filter.this.metric_transformation[0].namespace == var.name
    error_message = "The filter of the log must write the metric that the alarm watches."
  }

  assert {
    condition     = aws_cloudwatch_log_metric_filter.this.metric_transformation[0].value == "1" && aws_cloudwatch_log_metric_filter.this.pattern == var.log_pattern && alltrue([for level in ["ERROR:", "Error:", "CRITICAL:", "Critical:", "EMERGENCY:", "Emergency:", "ALERT:", "Alert:"] : strcontains(aws_cloudwatch_log_metric_filter.this.pattern, level)])
    error_message = "Every line at level error or above must count once, in upper case or capitalised."
  }
}

run "refuses_alternatives_with_exclusions" {
  command = plan

  variables {
    log_pattern = "?\"ERROR:\" ?\"Error:\" -MethodNotAllowedHttpException"
  }

  expect_failures = [var.log_pattern]
}
