package proof_test

import (
	"context"
	"strings"
	"testing"

	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/ledger"
	"github.com/bpgen/bpgen/generator/proof"
)

const code = `
variable "name" {
  type        = string
  description = "Name."
}

variable "size" {
  type    = object({ class = optional(string, "db.t4g.medium"), instances = optional(number, 2) })
  default = {}

  validation {
    condition     = startswith(var.size.class, "db.")
    error_message = "No class."
  }
}

variable "watched" {
  type    = bool
  default = true
}

locals {
  logs   = ["audit", "error"]
  policy = { Statement = [{ Action = "s3:GetObject", Resource = aws_s3_bucket.logs.arn }] }
  alarms = { for metric, limit in { CPUUtilization = 80, FreeableMemory = 100 } : "db-${metric}" => { metric = metric, limit = limit } if var.watched }
}

# notes 22-02: a comment proves nothing
resource "aws_rds_cluster" "db" {
  cluster_identifier              = "${var.name}-db"
  deletion_protection             = true
  backup_retention_period         = "7"
  enabled_cloudwatch_logs_exports = local.logs
  vpc_security_group_ids          = [aws_security_group.db.id]
  final_snapshot_identifier       = "last-${aws_security_group.db.id}"
  kms_key_id                      = null

  lifecycle {
    ignore_changes = [engine_version]
  }
}

resource "aws_rds_cluster_parameter_group" "db" {
  family = "aurora-mysql8.0"

  dynamic "parameter" {
    for_each = merge({ general_log = "1" }, var.watched ? { long_query_time = "3" } : {})

    content {
      name  = parameter.key
      value = parameter.value
    }
  }
}

resource "aws_cloudwatch_metric_alarm" "db" {
  for_each = local.alarms

  alarm_name          = "${var.name}-${each.key}"
  metric_name         = each.value.metric
  threshold           = each.value.limit
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 5
  alarm_actions       = [aws_security_group.db.id]
}

resource "aws_rds_cluster_instance" "db" {
  count              = var.size.instances
  cluster_identifier = aws_rds_cluster.db.cluster_identifier
  instance_class     = var.size.class
  identifier         = "db-${count.index + 1}"
  engine             = "aurora-mysql"
}

data "aws_region" "current" {
}

resource "aws_s3_bucket" "logs" {
  bucket = "logs-${data.aws_region.current.id}"
}

resource "aws_s3_bucket_policy" "logs" {
  bucket = aws_s3_bucket.logs.id
  policy = jsonencode(local.policy)
}

resource "aws_ssm_parameter" "a" {
  name  = "/x/a"
  type  = "SecureString"
  value = "a"
}

resource "aws_ssm_parameter" "b" {
  name  = "/x/b"
  type  = "String"
  value = "b"
}

resource "aws_security_group" "db" {
}

output "bucket" {
  value = aws_s3_bucket.logs.arn
}
`

const runbook = "# Restore\n\nText.\n\n## By hand\n\nWait for the snapshot.\n\n### Deeper\n\nLook\nagain.\n\n```sh\n# a comment\n```\n\nAnd wait.\n\n## Other\n\nNothing here.\n"

func module(t testing.TB, vet proof.Vet) *proof.Module {
	t.Helper()
	files := []fileset.File{
		{Path: "main.tf", Bytes: []byte(code)},
		{Path: "variables.tf", Bytes: []byte("\n")},
		{Path: "runbooks/restore.md", Bytes: []byte(runbook)},
		{Path: "envs/prd.tfvars", Bytes: []byte("size = { class = \"db.r7g.large\", instances = 3 }\n")},
	}
	return proof.Load(context.Background(), files, proof.Account{Values: map[string]cty.Value{"name": cty.StringVal("example")}, Region: "eu-west-1"}, guard.Parse, vet)
}

func parse(t *testing.T, text string) *proof.Proof {
	t.Helper()
	proofs, diags := proof.Parse([]byte("proof \"a.one\" {\n"+text+"\n}\n"), "p.hcl")
	if len(diags) > 0 || len(proofs) != 1 {
		t.Fatalf("%q: %v", text, diags)
	}
	return proofs[0]
}

// TestHolds holds what the demands of proofs mean: each stands with one that holds
// and one that must not.
func TestHolds(t *testing.T) {
	t.Parallel()
	m := module(t, nil)
	for name, c := range map[string]struct{ holds, fails, why string }{
		"bool":                   {`every "aws_rds_cluster" { deletion_protection = true }`, `every "aws_rds_cluster" { deletion_protection = false }`, "aws_rds_cluster.db (main.tf:29): deletion_protection is true, wanted false"},
		"number":                 {`every "aws_rds_cluster" { backup_retention_period = 7 }`, `every "aws_rds_cluster" { backup_retention_period = 1 }`, `is "7", wanted 1`},
		"text":                   {`every "aws_rds_cluster" { cluster_identifier = "example-db" }`, `every "aws_rds_cluster" { cluster_identifier = "db" }`, `is "example-db", wanted "db"`},
		"unknown":                {`every "aws_rds_cluster" { final_snapshot_identifier = prefix("last-") }`, `every "aws_rds_cluster" { final_snapshot_identifier = "last-x" }`, `is "last-${aws_security_group.db.id}", wanted "last-x"`},
		"one of":                 {`every "aws_rds_cluster" { backup_retention_period = one_of(3, 7) }`, `every "aws_rds_cluster" { backup_retention_period = one_of(1, 2) }`, "wanted one of 1, 2"},
		"not":                    {`every "aws_rds_cluster" { backup_retention_period = not(0) }`, `every "aws_rds_cluster" { backup_retention_period = not(7) }`, "wanted not 7"},
		"at least":               {`every "aws_rds_cluster" { backup_retention_period = at_least(7) }`, `every "aws_rds_cluster" { backup_retention_period = at_least(8) }`, "wanted at least 8"},
		"at most":                {`every "aws_rds_cluster" { backup_retention_period = at_most(7) }`, `every "aws_rds_cluster" { backup_retention_period = at_most(6) }`, "wanted at most 6"},
		"absent":                 {`every "aws_rds_cluster" { engine_version = absent() }`, `every "aws_rds_cluster" { deletion_protection = absent() }`, "wanted nothing"},
		"null":                   {`every "aws_rds_cluster" { kms_key_id = absent() }`, `every "aws_rds_cluster" { kms_key_id = set() }`, "is null, wanted any value"},
		"set":                    {`every "aws_rds_cluster" { final_snapshot_identifier = set() }`, `every "aws_rds_cluster" { engine_version = set() }`, "engine_version is not given"},
		"matches":                {`every "aws_rds_cluster" { cluster_identifier = matches("-db$") }`, `every "aws_rds_cluster" { cluster_identifier = matches("^db") }`, "wanted a string that matches"},
		"contains":               {`every "aws_rds_cluster" { enabled_cloudwatch_logs_exports = contains("error") }`, `every "aws_rds_cluster" { enabled_cloudwatch_logs_exports = contains("error", "general") }`, "wanted a list with"},
		"exactly":                {`every "aws_rds_cluster" { enabled_cloudwatch_logs_exports = ["error", "audit"] }`, `every "aws_rds_cluster" { enabled_cloudwatch_logs_exports = ["error"] }`, `is ["audit", "error"], wanted ["error"]`},
		"reference":              {`every "aws_rds_cluster" { vpc_security_group_ids = refers_to("aws_security_group") }`, `every "aws_rds_cluster" { vpc_security_group_ids = refers_to("aws_s3_bucket") }`, "wanted a reference to aws_s3_bucket"},
		"attribute":              {`some "aws_s3_bucket_policy" { bucket = refers_to("aws_s3_bucket.id") }`, `some "aws_s3_bucket_policy" { bucket = refers_to("aws_s3_bucket.arn") }`, "wanted a reference to aws_s3_bucket.arn"},
		"variable":               {`some "aws_rds_cluster" { cluster_identifier = refers_to("var.name") }`, `some "aws_rds_cluster" { cluster_identifier = refers_to("var.size") }`, "wanted a reference to var.size"},
		"region":                 {`some "aws_s3_bucket" { bucket = "logs-eu-west-1" }`, `some "aws_s3_bucket" { bucket = "logs" }`, `is "logs-eu-west-1"`},
		"local":                  {`some "aws_s3_bucket_policy" { policy = refers_to("aws_s3_bucket.logs") }`, `some "aws_s3_bucket_policy" { policy = refers_to("aws_s3_bucket.other") }`, "wanted a reference"},
		"json":                   {`some "aws_s3_bucket_policy" { policy = json({ Statement = contains({ Action = "s3:GetObject" }) }) }`, `some "aws_s3_bucket_policy" { policy = json({ Statement = contains({ Action = "s3:*" }) }) }`, "wanted JSON with"},
		"code":                   {"some \"aws_rds_cluster\" {\n lifecycle { ignore_changes = matches(\"engine_version\") }\n}", "some \"aws_rds_cluster\" {\n lifecycle { ignore_changes = matches(\"desired_count\") }\n}", "lifecycle: ignore_changes"},
		"argument of another":    {`every "aws_rds_cluster_instance" { cluster_identifier = "example-db" }`, `every "aws_rds_cluster_instance" { cluster_identifier = "db" }`, "wanted"},
		"count":                  {`some "aws_rds_cluster_instance" { identifier = "db-2" }`, `some "aws_rds_cluster_instance" { identifier = "db-3" }`, `is "db-1", wanted "db-3"`},
		"default of a type":      {`every "aws_rds_cluster_instance" { instance_class = prefix("db.t") }`, `every "aws_rds_cluster_instance" { instance_class = prefix("db.r") }`, "starts with"},
		"dynamic block":          {"every \"aws_rds_cluster_parameter_group\" {\n parameter {\n name = \"long_query_time\"\n value = 3\n }\n}", "every \"aws_rds_cluster_parameter_group\" {\n parameter {\n name = \"long_query_time\"\n value = 1\n }\n}", `parameter: value is "3", wanted 1`},
		"which nested":           {"every \"aws_rds_cluster_parameter_group\" {\n parameter {\n where { name = \"general_log\" }\n value = 1\n }\n}", "every \"aws_rds_cluster_parameter_group\" {\n parameter {\n where { name = \"general_log\" }\n value = 0\n }\n}", `parameter: value is "1", wanted 0`},
		"for_each":               {"every \"aws_cloudwatch_metric_alarm\" {\n where { metric_name = \"FreeableMemory\" }\n threshold = 100\n}", "every \"aws_cloudwatch_metric_alarm\" {\n where { metric_name = \"Other\" }\n threshold = 100\n}", "no aws_cloudwatch_metric_alarm matches the block \"where\""},
		"some":                   {`some "aws_ssm_parameter" { type = "SecureString" }`, `every "aws_ssm_parameter" { type = "SecureString" }`, "aws_ssm_parameter.b (main.tf:93)"},
		"no":                     {`no "aws_nat_gateway" { }`, `no "aws_ssm_parameter" { type = "String" }`, "aws_ssm_parameter exists (main.tf:93)"},
		"not there":              {`some "aws_s3_bucket" { }`, `some "aws_vpc" { }`, "there is no aws_vpc"},
		"variable of the module": {"some \"variable\" \"size\" {\n validation { condition = matches(\"db.\") }\n}", `some "variable" "class" { }`, "there is no variable class"},
		"output":                 {`some "output" "bucket" { value = refers_to("aws_s3_bucket") }`, `some "output" "bucket" { value = refers_to("aws_vpc") }`, "wanted a reference to aws_vpc"},
		"given":                  {"given = { size = { instances = 3 } }\nsome \"aws_rds_cluster_instance\" { identifier = \"db-3\" }", "given = { class = 1 }\nsome \"aws_rds_cluster_instance\" { }", `no variable "class"`},
		"given for a local":      {"given = { watched = false }\nno \"aws_cloudwatch_metric_alarm\" { }", "given = { watched = true }\nno \"aws_cloudwatch_metric_alarm\" { }", "exists"},
		"profile":                {"profile = \"prd\"\nevery \"aws_rds_cluster_instance\" { instance_class = \"db.r7g.large\" }", "profile = \"dev\"\nsome \"aws_vpc\" { }", `no profile "dev"`},
		"either":                 {"either {\n some \"aws_vpc\" { }\n}\neither {\n some \"aws_s3_bucket\" { }\n}", "either {\n some \"aws_vpc\" { }\n}\neither {\n some \"aws_subnet\" { }\n}", "there is no aws_vpc; or there is no aws_subnet"},
		"all":                    {"some \"aws_s3_bucket\" { }\nsome \"aws_security_group\" { }", "some \"aws_s3_bucket\" { }\nsome \"aws_vpc\" { }", "there is no aws_vpc"},
		"file":                   {`file "envs/*.tfvars" { matches = "r7g" }`, `file "envs/*.tfvars" { matches = "m7g" }`, "no file envs/*.tfvars contains m7g"},
		"file without":           {`file "envs/prd.tfvars" { lacks = "m7g" }`, `file "envs/prd.tfvars" { lacks = "r7g" }`, "envs/prd.tfvars contains what it must not: r7g"},
		"runbook":                {"human \"runbooks/restore.md\" {\n heading = \"By hand\"\n says = \"snapshot.*Look again.*And wait\"\n}", "human \"runbooks/restore.md\" {\n heading = \"By hand\"\n says = \"Nothing\"\n}", "does not say Nothing"},
		"section":                {"human \"runbooks/restore.md\" {\n heading = \"Deeper\"\n says = \"again\"\n}", "human \"runbooks/restore.md\" {\n heading = \"Deep\"\n says = \"again\"\n}", `has no section "Deep"`},
	} {
		t.Run(name, func(t *testing.T) {
			if f := m.Holds(parse(t, c.holds)); !f.Holds {
				t.Errorf("%s does not hold: %s", c.holds, f.Why)
			}
			if f := m.Holds(parse(t, c.fails)); f.Holds || !strings.Contains(f.Why, c.why) {
				t.Errorf("%s: %v, %q, want %q", c.fails, f.Holds, f.Why, c.why)
			}
		})
	}
}

// TestPlaces holds that a proof leads to the lines of the module.
func TestPlaces(t *testing.T) {
	t.Parallel()
	f := module(t, nil).Holds(parse(t, "every \"aws_rds_cluster\" { deletion_protection = true }\nhuman \"runbooks/restore.md\" {\n heading = \"By hand\"\n says = \"snapshot\"\n}"))
	if len(f.Places) != 2 || f.Places[0] != (proof.Place{File: "main.tf", Line: 29}) || f.Places[1] != (proof.Place{File: "runbooks/restore.md", Line: 5}) {
		t.Errorf("%+v", f)
	}
}

// TestRule holds that a rule counts when it notices what was turned over, and only
// then.
func TestRule(t *testing.T) {
	t.Parallel()
	vet := func(files []fileset.File) []string {
		var out []string
		for _, f := range files {
			text := string(f.Bytes)
			if strings.Contains(text, `type  = "String"`) {
				out = append(out, "always")
			}
			if strings.Contains(text, "deletion_protection = false") {
				out = append(out, "protected")
			}
			if !strings.Contains(text, "aws_s3_bucket_policy") && f.Path == "main.tf" {
				out = append(out, "policy")
			}
			if strings.Contains(text, "aws_instance") || strings.Contains(text, `engine = "mysql"`) {
				out = append(out, "added")
			}
		}
		return out
	}
	m := module(t, vet)
	for text, want := range map[string]string{
		`rule "protected" { turn "aws_rds_cluster" { deletion_protection = false } }`:                                   "",
		`rule "always" { turn "aws_rds_cluster" { deletion_protection = false } }`:                                      "does not notice",
		`rule "policy" { remove "aws_s3_bucket_policy" { } }`:                                                           "",
		`rule "policy" { remove "aws_s3_bucket" { } }`:                                                                  "does not notice",
		`rule "added" { turn "aws_rds_cluster" { engine = "mysql" } }`:                                                  "",
		"rule \"added\" { add { text = \"resource \\\"aws_instance\\\" \\\"x\\\" {\\n}\\n\" } }":                        "",
		`rule "protected" { turn "aws_vpc" { cidr_block = "10.0.0.0/8" } }`:                                             "no aws_vpc to turn",
		"rule \"protected\" { turn \"aws_rds_cluster\" {\n where { engine = \"x\" }\n deletion_protection = false\n} }": "no aws_rds_cluster to turn",
	} {
		text = strings.NewReplacer("{ turn", "{\nturn", "{ remove", "{\nremove", "{ add", "{\nadd", "} }", "}\n}").Replace(text)
		if f := m.Holds(parse(t, text)); f.Holds != (want == "") || !strings.Contains(f.Why, want) {
			t.Errorf("%s: %v, %q", text, f.Holds, f.Why)
		}
	}
	if f := module(t, nil).Holds(parse(t, "rule \"x\" {\n remove \"aws_s3_bucket\" { }\n}")); f.Holds {
		t.Error("a rule that nobody tries holds")
	}
}

// TestFaults holds that each fault of a proof has a message of its own, at its line.
func TestFaults(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`some "aws_rds_clusters" { }`:                                                         `2: Unknown type: The AWS provider has no resource "aws_rds_clusters". Did you mean "aws_rds_cluster"`,
		`some "data" "aws_vpcz" { }`:                                                          "2: Unknown type: The AWS provider has no data",
		"\nevery \"aws_rds_cluster\" {\n  deletion_protecton = true\n}":                       `4: Unknown path: aws_rds_cluster has no argument or block "deletion_protecton"`,
		"every \"aws_lb_listener\" {\n  default_action {\n    typ = \"x\"\n  }\n}":            `4: Unknown path: aws_lb_listener.default_action has no argument or block "typ"`,
		"every \"aws_lb_listener\" {\n  action {\n  }\n}":                                     `3: Unknown path: aws_lb_listener has no argument or block "action"`,
		`every "aws_rds_cluster" { reader_endpoint = "x" }`:                                   "2: Path that cannot be set",
		`every "aws_rds_cluster" { deletion_protection = is_true() }`:                         `2: Unknown matcher: There is no matcher "is_true"`,
		`every "aws_rds_cluster" { deletion_protection = one_of() }`:                          "2: Wrong use of a matcher",
		`every "aws_rds_cluster" { deletion_protection = absent(1) }`:                         "2: Wrong use of a matcher",
		`every "aws_rds_cluster" { deletion_protection = prefix("a", "b") }`:                  "2: Wrong use of a matcher",
		`every "aws_rds_cluster" { backup_retention_period = at_least("x") }`:                 "2: Not a number",
		`every "aws_rds_cluster" { engine = matches("(") }`:                                   "2: Not a regular expression",
		`every "aws_rds_cluster" { engine = matches(".*") }`:                                  "2: Pattern that matches everything",
		`every "aws_rds_cluster" { engine = var.engine }`:                                     "2: Variables not allowed",
		`every "aws_rds_cluster" { vpc_security_group_ids = refers_to("aws_securitygroup") }`: "2: Unknown type",
		`every "aws_rds_cluster" "a" { }`:                                                     "2: Unknown kind of object",
		`all "aws_rds_cluster" { }`:                                                           `2: Unknown kind of claim: A proof has no block "all"`,
		`some "variable" "x" { initial = 1 }`:                                                 `2: Unknown path`,
		`file "a[" { matches = "x" }`:                                                         "2: Not a file pattern",
		`file "a" { }`:                                                                        "2: Proof of nothing",
		`file "a" { match = "x" }`:                                                            `2: Unknown argument: The block file has no argument "match"`,
		`human "runbooks/x.md" { heading = "X" }`:                                             "2: Proof of nothing",
		`rule "x" { }`: "2: Proof of nothing",
		"rule \"x\" {\n turn \"aws_vpc\" {\n }\n}":                "3: Not one change",
		"rule \"x\" {\n turn \"aws_vpc\" {\n cidr = \"x\"\n }\n}": "4: Unknown path",
		"rule \"x\" {\n drop \"aws_vpc\" {\n }\n}":                "3: Unknown change",
		"":                                    "1: Proof of nothing",
		"gives = { a = 1 }":                   "2: Unknown argument",
		"given = [1]":                         "2: Not named values",
		"options = { }":                       "2: Not named values",
		"options = { database = var.name }":   "2: Variables not allowed",
		"duty = \"x\"\nsome \"aws_vpc\" {\n}": "1: Duty without instructions",
		"profile = 7":                         "2: Not a string",
	} {
		_, diags := proof.Parse([]byte("proof \"a.one\" {\n"+text+"\n}\n"), "p.hcl")
		found := false
		for _, d := range diags {
			got := strings.TrimPrefix(d.Subject.String(), "p.hcl:")
			line, _, _ := strings.Cut(got, ",")
			found = found || strings.HasPrefix(line+": "+d.Summary+": "+d.Detail, want)
		}
		if !found {
			t.Errorf("%q: nothing says %q: %v", text, want, diags)
		}
	}
	for text, want := range map[string]string{
		"a = 1\n":                                  "Argument outside a block",
		"prove \"a.one\" {\n}\n":                   "Not a proof",
		"proof \"a\" \"b\" {\n}\n":                 "Not a proof",
		"waive \"a.one\" {\n}\n":                   "Waiver without a reason",
		"waive \"a.one\" {\n  reason = \" \"\n}\n": "Not a string",
		"waive \"a.one\" {\n  why = \"x\"\n}\n":    "Unknown argument",
	} {
		if _, diags := proof.Parse([]byte(text), "p.hcl"); len(diags) == 0 || diags[0].Summary != want {
			t.Errorf("%q: %v, want %q", text, diags, want)
		}
	}
}

// TestDerive holds which entries prove themselves, and that the others do not.
func TestDerive(t *testing.T) {
	t.Parallel()
	entry := func(value any, terraform ...string) ledger.Entry {
		return ledger.Entry{ID: "a.one", System: "a", Kind: "default", Value: value, Terraform: terraform}
	}
	for want, e := range map[string]ledger.Entry{
		"every \"aws_rds_cluster\" {\n    backup_retention_period = 7":                                           entry(7.0, "aws_rds_cluster.backup_retention_period"),
		"every \"aws_rds_cluster\" {\n    deletion_protection = true":                                            entry(true, "aws_rds_cluster.deletion_protection"),
		"parameter {\n      name  = \"general_log\"\n      value = 1":                                            entry(map[string]any{"general_log": 1.0}, "aws_rds_cluster_parameter_group.parameter.name", "aws_rds_cluster_parameter_group.parameter.value"),
		"some \"aws_lb_listener\" {\n    default_action {\n      redirect {\n        status_code = \"HTTP_301\"": entry("HTTP_301", "aws_lb_listener.default_action.redirect.status_code"),
	} {
		p, ok := proof.Derive(e)
		if !ok || !p.Derived || !strings.Contains(p.Text, want) {
			t.Errorf("%v: %+v, want %s", e, p, want)
		}
	}
	for name, e := range map[string]ledger.Entry{
		"no value":     entry(nil, "aws_rds_cluster.deletion_protection"),
		"no path":      entry(true),
		"two paths":    entry(true, "aws_rds_cluster.deletion_protection", "aws_db_instance.deletion_protection"),
		"no argument":  entry("x", "aws_rds_cluster.deletion"),
		"computed":     entry("x", "aws_rds_cluster.reader_endpoint"),
		"no type":      entry("x", "aws_rds.engine"),
		"a list":       entry([]any{"x"}, "aws_rds_cluster.engine"),
		"another name": entry(map[string]any{"x": 1.0}, "aws_rds_cluster.engine"),
		"a rule":       {ID: "a.one", Kind: "rule", Value: true, Terraform: []string{"aws_rds_cluster.deletion_protection"}},
	} {
		if p, ok := proof.Derive(e); ok {
			t.Errorf("%s: %s", name, p.Text)
		}
	}
}
