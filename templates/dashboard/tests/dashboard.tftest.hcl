mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name       = "example"
  thresholds = { alb-HTTPCode_ELB_5XX_Count = 20 }

  alarms = {
    alb-HTTPCode_ELB_5XX_Count = { namespace = "AWS/ApplicationELB", metric = "HTTPCode_ELB_5XX_Count", dimensions = { LoadBalancer = "app/example/0123456789abcdef" }, statistic = "Sum", threshold = 10 }
  }
}

run "draws_each_alarm" {
  command = apply

  assert {
    condition     = alltrue([for widget in jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets : length(widget.properties.annotations.horizontal) == 1 && widget.properties.region == data.aws_region.current.id]) && length(jsondecode(aws_cloudwatch_dashboard.this.dashboard_body).widgets) > 0
    error_message = "Each alarm must have a graph with its threshold."
  }
}
