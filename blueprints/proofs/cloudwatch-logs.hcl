# Each source has a group of its own. ECS creates a stream for each task in any case;
# there is one declared stream for each group.
proof "cloudwatch-logs.one-stream-per-group" {
  some "aws_cloudwatch_log_group" {
    name = "/ecs/example"
  }

  some "aws_cloudwatch_log_group" {
    name = "/aws/rds/cluster/example-db/audit"
  }

  some "aws_cloudwatch_log_group" {
    name = "/aws/elasticache/example-cache/slow-log"
  }

  rule "log-stream-per-group" {
    add {
      text = <<-EOT
        resource "aws_cloudwatch_log_stream" "one" {
          name           = "one"
          log_group_name = aws_cloudwatch_log_group.service.name
        }

        resource "aws_cloudwatch_log_stream" "two" {
          name           = "two"
          log_group_name = aws_cloudwatch_log_group.service.name
        }
      EOT
    }
  }
}

proof "cloudwatch-logs.filter-pattern-case" {
  some "aws_cloudwatch_log_metric_filter" {
    pattern = matches("ERROR.*Error")
  }
}

proof "cloudwatch-logs.filter-pattern-colon" {
  some "aws_cloudwatch_log_metric_filter" {
    pattern = matches("\"ERROR:\"")
  }

  every "aws_cloudwatch_log_metric_filter" {
    pattern = not(matches("[A-Za-z]\""))
  }
}

proof "cloudwatch-logs.no-or-with-exclude" {
  every "aws_cloudwatch_log_metric_filter" {
    pattern = not(matches("\\?.* -"))
  }

  some "variable" "alarm_log_pattern" {
    validation {
      condition = matches("for sign in \\[\"\\[\\?\\]\", \"-\"\\]")
    }
  }
}

# Departed: from errors up, without warnings.
proof "cloudwatch-logs.filter-pattern-levels" {
  every "aws_cloudwatch_log_metric_filter" {
    pattern = matches("\"ERROR:\".*\"Error:\".*\"CRITICAL:\".*\"Critical:\".*\"EMERGENCY:\".*\"Emergency:\".*\"ALERT:\".*\"Alert:\"")
  }
}
