package proof_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/proof"
)

// TestMutantsOf holds what is turned over, and where: at the place that a value comes
// from.
func TestMutantsOf(t *testing.T) {
	t.Parallel()
	const src = `variable "days" {
  type    = number
  default = 7
}

locals {
  watched = merge([
    { alb = { namespace = "AWS/ApplicationELB", metrics = { Errors = { threshold = 10 } } } },
    { for node in ["a"] : node => { namespace = "AWS/ElastiCache", metrics = { Load = { threshold = 80 } } } },
  ]...)
  alarms = merge([for subject, on in local.watched : {
    for metric, limit in on.metrics : "${subject}-${metric}" => merge(limit, { metric = metric, namespace = on.namespace })
  }]...)
}

resource "aws_cloudwatch_metric_alarm" "this" {
  for_each = local.alarms

  alarm_name          = "${each.key}-alarm"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  namespace           = each.value.namespace
  metric_name         = each.value.metric
  threshold           = each.value.threshold
}

resource "aws_rds_cluster" "this" {
  backup_retention_period = var.days
  vpc_security_group_ids  = [aws_security_group.database.id]
}

resource "aws_rds_cluster_parameter_group" "this" {
  family = "aurora-mysql8.0"

  dynamic "parameter" {
    for_each = merge({ general_log = "1", time_zone = "UTC" }, true ? { slow_query_log = "1" } : {})

    content {
      name  = parameter.key
      value = parameter.value
    }
  }
}

resource "aws_iam_role_policy" "this" {
  role = aws_iam_role.this.name

  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["s3:GetObject", "s3:PutObject"], Resource = "*" }]
  })
}

resource "aws_iam_role" "this" {
  name = "this"
}

resource "aws_security_group" "cache" {}

resource "aws_security_group" "database" {}
`
	m := proof.Load(t.Context(), []fileset.File{{Path: "main.tf", Bytes: []byte(src)}}, proof.Account{}, guard.Parse, nil)
	for _, tt := range []struct {
		claim string
		want  []string // the line, from, to
	}{
		{`some "aws_rds_cluster" { backup_retention_period = at_least(7) }`, []string{"28: var.days: 6", "3: 7: 6"}},
		{`some "aws_rds_cluster" { vpc_security_group_ids = refers_to("aws_security_group.database") }`, []string{"29: [aws_security_group.database.id]: [aws_security_group.cache.id]"}},
		{`some "aws_rds_cluster_parameter_group" {
			parameter {
				where { name = "slow_query_log" }
				value = "1"
			}
		}`, []string{"36: \"1\": 2"}},
		{`some "aws_cloudwatch_metric_alarm" {
			namespace   = "AWS/ApplicationELB"
			metric_name = "Errors"
			threshold   = 10
		}`, []string{"8: \"AWS/ApplicationELB\": \"Other\"", "8: Errors: \"Other\"", "8: 10: 11"}},
		{`some "aws_cloudwatch_metric_alarm" { namespace = "AWS/ElastiCache" }`, []string{"9: \"AWS/ElastiCache\": \"Other\""}},
		{`some "aws_cloudwatch_metric_alarm" { alarm_name = matches("-alarm$") }`, []string{"19: \"${each.key}-alarm\": \"turned over\""}},
		{`some "aws_iam_role_policy" {
			policy = json({ Statement = contains({ Effect = "Allow", Action = contains("s3:GetObject") }) })
		}`, []string{"50: \"Allow\": \"Deny\"", "50: [\"s3:GetObject\", \"s3:PutObject\"]: [\"s3:PutObject\"]"}},
		{`no "aws_rds_cluster" { backup_retention_period = 8 }`, nil},
		{`some "aws_rds_cluster" { backup_retention_period = 8 }`, nil},
	} {
		var got []string
		for _, mutant := range m.Mutants(t.Context(), parse(t, tt.claim)) {
			got = append(got, fmt.Sprintf("%d: %s: %s", mutant.Place.Line, mutant.From, mutant.To))
		}
		if strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
			t.Errorf("%s\ngot\n%s\nwant\n%s", tt.claim, strings.Join(got, "\n"), strings.Join(tt.want, "\n"))
		}
	}
}
