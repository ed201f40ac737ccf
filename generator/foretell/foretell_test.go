package foretell_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/foretell"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/schema"
)

const main = `
variable "name" {
  type    = string
  default = "by-default"
}

variable "n" {
  type    = number
  default = 2
}

locals {
  names = { for i in range(var.n) : "k${i}" => "${var.name}-${i}" }
  a     = local.b
  b     = local.a
}

data "aws_iam_policy_document" "this" {}

data "aws_iam_policy_document" "reads" {
  statement {
    actions   = ["sqs:ReceiveMessage"]
    resources = [aws_sqs_queue.this.arn]
  }
}

data "aws_region" "current" {}

resource "aws_sqs_queue" "this" {
  name = "${var.name}-${data.aws_region.current.id}"
}

resource "aws_sqs_queue" "many" {
  for_each = local.names
  name     = each.value
}

resource "aws_subnet" "this" {
  count             = var.n
  vpc_id            = "vpc-1"
  cidr_block        = cidrsubnet("10.0.0.0/16", 8, count.index)
  availability_zone = "z"

  lifecycle {
    ignore_changes = [availability_zone]
  }
}

resource "aws_security_group" "this" {
  name = aws_sqs_queue.this.arn
}

resource "aws_vpc_endpoint" "this" {
  vpc_id             = "vpc-1"
  service_name       = "x"
  subnet_ids         = aws_subnet.this[*].id
  security_group_ids = [aws_security_group.this.id]
}

resource "aws_s3_bucket_lifecycle_configuration" "this" {
  bucket = "b"

  rule {
    id     = "expire"
    status = "Enabled"

    expiration {
      days = var.n * 10
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "open" {
  bucket = "b"

  dynamic "rule" {
    for_each = local.names

    content {
      id     = rule.key
      status = "Enabled"
    }
  }
}

output "names" {
  value = values(aws_sqs_queue.many)[*].name
}
`

const tests = `
mock_provider "aws" {
  mock_data "aws_region" {
    defaults = { id = "xx-example-1" }
  }

  mock_resource "aws_security_group" {
    defaults = { arn = "arn:aws:ec2:xx-example-1:123456789012:security-group/sg-1" }
  }
}

variables {
  name = "file"
}

run "r" {
  variables {
    n = 3
  }

  assert {
    condition     = CONDITION
    error_message = "Wrong."
  }
}
`

func TestFailures(t *testing.T) {
	t.Parallel()
	for condition, want := range map[string]string{
		// What holds.
		`var.name == "file" && var.n == 3`:                                                      "",
		`aws_sqs_queue.this.name == "file-xx-example-1"`:                                        "",
		`aws_sqs_queue.many["k2"].name == "file-2"`:                                             "",
		`length(aws_subnet.this) == 3 && aws_subnet.this[1].cidr_block == "10.0.1.0/24"`:        "",
		`length(aws_vpc_endpoint.this.subnet_ids) == 3`:                                         "",
		`aws_vpc_endpoint.this.subnet_ids == toset(aws_subnet.this[*].id)`:                      "",
		`contains(aws_vpc_endpoint.this.security_group_ids, aws_security_group.this.id)`:        "",
		`aws_s3_bucket_lifecycle_configuration.this.rule[0].expiration[0].days == 30`:           "",
		`output.names == ["file-0", "file-1", "file-2"] || tolist(output.names)[0] == "file-0"`: "",
		`aws_sqs_queue.this.arn != "" && aws_sqs_queue.this.arn != aws_sqs_queue.this.id`:       "",
		`startswith(aws_security_group.this.arn, "arn:")`:                                       "",
		`aws_sqs_queue.this.policy != null`:                                                     "",
		// What is not known decides nothing.
		`aws_subnet.this[0].availability_zone == "y"`:                  "",
		`length(aws_s3_bucket_lifecycle_configuration.open.rule) == 7`: "",
		`local.a == "x"`:                     "",
		`run.other.x == "x"`:                 "",
		`aws_unknown_thing.this.name == "x"`: "",
		`jsondecode(data.aws_iam_policy_document.this.json).x == "x"`:         "",
		`alltrue([for s in aws_subnet.this : s.availability_zone_id == "z"])`: "The condition",
		// What fails.
		`var.name == "by-default"`: `The left side is "file", the right side "by-default".`,
		`length(aws_subnet.this) == 3 && (aws_subnet.this[0].vpc_id == "v")`: `The left side is "vpc-1", the right side "v".`,
		`length(aws_vpc_endpoint.this.subnet_ids) == 2`:                      "The left side is 3, the right side 2.",
		`aws_security_group.this.id == "sg-1"`:                               `The left side is a string that the mock makes up, the right side "sg-1".`,
		`aws_security_group.this.name == "queue"`:                            `The left side is a string that the mock makes up, the right side "queue".`,
		`aws_sqs_queue.this.max_message_size == 3`:                           "The left side is null, the right side 3.",
		`!anytrue([for q in aws_sqs_queue.many : q.name == "file-1"])`:       "The condition",
	} {
		got := failures(t, strings.Replace(tests, "CONDITION", condition, 1))
		switch {
		case want == "" && len(got) > 0:
			t.Errorf("%s is said to fail: %s", condition, got[0].Because)
		case want == "":
		case len(got) != 1:
			t.Errorf("%s: %d failures", condition, len(got))
		case want != "The condition" && got[0].Because != want, want == "The condition" && got[0].Because != "":
			t.Errorf("%s: %s", condition, got[0].Because)
		case got[0].Run != "r" || got[0].Message != "Wrong." || got[0].Range.Filename != "tests/module.tftest.hcl":
			t.Errorf("%+v", got[0])
		}
	}
}

// Runs that replace objects, or expect a failure, are left alone.
func TestLeftAlone(t *testing.T) {
	t.Parallel()
	failing := strings.Replace(tests, "CONDITION", "var.n == 4", 1)
	if len(failures(t, failing)) != 1 {
		t.Fatal("the assertion does not fail")
	}
	for _, text := range []string{
		strings.Replace(failing, "  assert {", "  override_resource {\n    target = aws_sqs_queue.this\n  }\n  assert {", 1),
		strings.Replace(failing, "  assert {", "  expect_failures = [var.n]\n  assert {", 1),
		"override_data {\n  target = data.aws_region.current\n}\n" + failing,
	} {
		if got := failures(t, text); len(got) > 0 {
			t.Errorf("fails: %+v\n%s", got, text)
		}
	}
}

func failures(t *testing.T, tests string) []foretell.Failure {
	t.Helper()
	files := map[string]*hcl.File{}
	for name, src := range map[string]string{"main.tf": main, "tests/module.tftest.hcl": tests, "modules/x/main.tf": `variable "n" {}`} {
		f, diags := guard.Parse([]byte(src), name)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		files[name] = f
	}
	provider, _ := schema.For("5")
	return foretell.New(files, provider, budget.New(t.Context(), "the tests")).Failures()
}

// A run that plans before anything is created does not know what an apply makes up.
func TestUnknownAtPlan(t *testing.T) {
	t.Parallel()
	planned := strings.Replace(tests, "run \"r\" {", "run \"r\" {\n  command = plan\n", 1)
	for condition, want := range map[string]string{
		`var.n == 3 && length(aws_subnet.this) == 3`:                                    "",
		`aws_sqs_queue.this.name == "file-xx-example-1"`:                                "",
		`aws_subnet.this[0].availability_zone == "y"`:                                   "",
		`aws_sqs_queue.many["k0"].name != aws_sqs_queue.many["k1"].name`:                "",
		`length(aws_vpc_endpoint.this.subnet_ids) == 3`:                                 "aws_vpc_endpoint.this.subnet_ids",
		`aws_sqs_queue.this.arn != ""`:                                                  "aws_sqs_queue.this.arn",
		`startswith(aws_security_group.this.arn, "arn:") && aws_sqs_queue.this.id != 1`: "aws_security_group.this.arn, aws_sqs_queue.this.id",
		`data.aws_iam_policy_document.reads.id != "x"`:                                  "data.aws_iam_policy_document.reads.id",
		`data.aws_iam_policy_document.this.id != "x"`:                                   "",
		`alltrue([for s in data.aws_iam_policy_document.reads.statement : alltrue([for r in s.resources : startswith(r, aws_sqs_queue.this.arn)])])`: "data.aws_iam_policy_document.reads.statement, aws_sqs_queue.this.arn",
	} {
		got := failures(t, strings.Replace(planned, "CONDITION", condition, 1))
		switch {
		case want == "" && len(got) > 0:
			t.Errorf("%s is said to be unknown or to fail: %s", condition, got[0].Because)
		case want != "" && (len(got) != 1 || !got[0].Unknown || got[0].Because != want):
			t.Errorf("%s: %+v", condition, got)
		}
	}
	unknown := strings.Replace(planned, "CONDITION", `aws_sqs_queue.this.arn != ""`, 1)
	for what, text := range map[string]string{
		"after an apply":     "run \"first\" {\n}\n" + unknown,
		"with an early mock": strings.Replace(unknown, "mock_resource \"aws_security_group\" {", "mock_resource \"aws_security_group\" {\n    override_during = plan", 1),
	} {
		if got := failures(t, text); len(got) > 0 {
			t.Errorf("%s: %+v", what, got)
		}
	}
}
