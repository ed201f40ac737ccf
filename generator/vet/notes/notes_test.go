package notes_test

import (
	"context"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/rogpeppe/go-internal/txtar"

	"github.com/bpgen/bpgen/blueprints"
	"github.com/bpgen/bpgen/generator/fileset"
	"github.com/bpgen/bpgen/generator/internal/golden"
	"github.com/bpgen/bpgen/generator/ledger"
	"github.com/bpgen/bpgen/generator/vet"
	"github.com/bpgen/bpgen/generator/vet/notes"
)

// tolerated are the findings of other stages that a fixture may have: it holds
// what the rule is about and nothing else.
var tolerated = []string{"missing-argument", "block-count", "unused-variable", "unused-local", "unused-data"}

// run vets the files of an archive below a folder, and returns the findings of
// stage 3 and those of the other stages that are not tolerated.
func run(a *txtar.Archive, dir string, rules ...vet.Rule) (own, other hcl.Diagnostics) {
	var files []fileset.File
	for _, f := range a.Files {
		if name, ok := strings.CutPrefix(f.Name, dir+"/"); ok {
			files = append(files, fileset.File{Path: name, Bytes: f.Data})
		}
	}
	for _, d := range vet.Run(context.Background(), files, vet.Options{Rules: rules}).Findings {
		f, _ := vet.FindingOf(d)
		switch {
		case slices.Contains(rules, f.Rule):
			own = append(own, d)
		case !slices.Contains(tolerated, f.Rule.ID()):
			other = append(other, d)
		}
	}
	return own, other
}

func lines(diags hcl.Diagnostics) string {
	var b strings.Builder
	for _, d := range diags {
		f, _ := vet.FindingOf(d)
		fmt.Fprintf(&b, "%s: %s %s: %s\n    %s\n", d.Subject, f.Rule.Severity(), f.Rule.ID(), d.Summary, d.Detail)
	}
	return b.String()
}

// Every rule has an archive testdata/<rule>.txtar with a module pass, in which
// it finds nothing; a module breaks/<id> for each entry of the notes that it holds,
// which breaks what the entry says; and where it holds more or other things, a module
// fail. Their findings are in <rule>.golden. A module without its resources' other
// arguments will do, but none that the schema does not have.
func TestFixtures(t *testing.T) {
	t.Parallel()
	paths, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var have []string
	for _, p := range paths {
		have = append(have, strings.TrimSuffix(filepath.Base(p), ".txtar"))
	}
	for _, r := range notes.Rules() {
		if !slices.Contains(have, r.ID()) {
			t.Errorf("the rule %s has no fixture", r.ID())
		}
	}
	for _, id := range have {
		t.Run(id, func(t *testing.T) {
			t.Parallel()
			at := slices.IndexFunc(notes.Rules(), func(r vet.Rule) bool { return r.ID() == id })
			if at < 0 {
				t.Fatal("there is no such rule")
			}
			rule := notes.Rules()[at]
			a, err := txtar.ParseFile(filepath.Join("testdata", id+".txtar"))
			if err != nil {
				t.Fatal(err)
			}
			pass, other := run(a, "pass", rule)
			if len(pass) > 0 || len(other) > 0 {
				t.Errorf("the passing module has findings:\n%s%s", lines(pass), lines(other))
			}
			var found strings.Builder
			for _, dir := range failing(t, a, rule) {
				fail, other := run(a, dir, rule)
				if len(fail) == 0 || len(other) > 0 {
					t.Errorf("the module %s has no finding, or others:\n%s%s", dir, lines(fail), lines(other))
				}
				fmt.Fprintf(&found, "-- %s --\n%s", dir, lines(fail))
			}
			golden.File(t, filepath.Join("testdata", id+".golden"), []byte(found.String()))
		})
	}
}

// failing returns the directories of an archive whose modules break a rule. Each entry
// that the rule holds has one of its own, and no two are alike.
func failing(t *testing.T, a *txtar.Archive, rule vet.Rule) []string {
	t.Helper()
	var dirs []string
	seen := map[string]string{}
	for _, f := range a.Files {
		dir := path.Dir(f.Name)
		if id, ok := strings.CutPrefix(dir, "breaks/"); ok && !slices.Contains(vet.NotesOf(rule), id) {
			t.Errorf("%s: the rule does not hold the entry", dir)
		} else if !ok && dir != "pass" && dir != "fail" {
			t.Errorf("%s: the module is neither pass nor fail nor breaks", dir)
		}
		if twin, twice := seen[string(f.Data)]; twice {
			t.Errorf("%s is the same as %s", f.Name, twin)
		}
		seen[string(f.Data)] = f.Name
		if dir != "pass" && !slices.Contains(dirs, dir) {
			dirs = append(dirs, dir)
		}
	}
	for _, id := range vet.NotesOf(rule) {
		if !slices.Contains(dirs, "breaks/"+id) {
			t.Errorf("no module breaks %s", id)
		}
	}
	if len(dirs) == 0 {
		t.Error("no module breaks the rule")
	}
	return dirs
}

// TestHome holds that rules about windows and edges go by where the users are.
func TestHome(t *testing.T) {
	t.Parallel()
	const src = `
resource "aws_rds_cluster" "a" {
  preferred_maintenance_window = "WINDOW"
}

resource "aws_cloudfront_distribution" "a" {
  price_class = "PriceClass_100"
}
`
	for _, c := range []struct {
		home, window  string
		weekend, edge bool
	}{
		{"", "fri:18:00-fri:19:00", true, true},
		{"Asia/Tokyo", "sun:18:00-sun:19:00", false, true},
		{"Europe/Dublin", "fri:18:00-fri:19:00", false, false},
		{"Europe/Dublin", "sun:18:00-sun:19:00", true, false},
		{"Asia/Riyadh", "thu:22:00-thu:23:00", true, false},
		{"Asia/Riyadh", "sun:01:00-sun:02:00", false, false},
	} {
		files := []fileset.File{{Path: "main.tf", Bytes: []byte(strings.Replace(src, "WINDOW", c.window, 1))}}
		var weekend, edge bool
		for _, d := range vet.Run(context.Background(), files, vet.Options{Home: c.home, Rules: notes.Rules()}).Findings {
			f, _ := vet.FindingOf(d)
			weekend = weekend || f.Rule.ID() == "maintenance-not-on-weekend"
			edge = edge || f.Rule.ID() == "cloudfront-price-class"
		}
		if weekend != c.weekend || edge != c.edge {
			t.Errorf("%q, %s: weekend %t, no edge %t", c.home, c.window, weekend, edge)
		}
	}
}

// What is not known is never a finding: with every value that the failing
// modules write down replaced by a variable, no rule says that the value is
// wrong.
func TestUndecidedIsNoFinding(t *testing.T) {
	t.Parallel()
	const src = `
variable "any" {}

resource "aws_rds_cluster" "a" {
  engine                          = var.any
  deletion_protection             = var.any
  enabled_cloudwatch_logs_exports = var.any
  db_cluster_parameter_group_name = var.any
  preferred_maintenance_window    = var.any
  apply_immediately               = var.any
  vpc_security_group_ids          = var.any
}

resource "aws_lb" "a" {
  internal        = var.any
  subnets         = var.any
  security_groups = var.any

  access_logs {
    bucket = var.any
  }
}

resource "aws_lb_listener" "a" {
  load_balancer_arn = var.any
  protocol          = var.any
  certificate_arn   = var.any
  ssl_policy        = var.any
}

resource "aws_cloudfront_distribution" "a" {
  aliases    = var.any
  web_acl_id = var.any

  origin {
    domain_name              = var.any
    origin_access_control_id = var.any
  }

  viewer_certificate {
    acm_certificate_arn      = var.any
    minimum_protocol_version = var.any
  }
}

resource "aws_ecs_task_definition" "a" {
  requires_compatibilities = var.any
  cpu                      = var.any
  memory                   = var.any
  execution_role_arn       = var.any
  task_role_arn            = var.any
  container_definitions    = var.any
}

resource "aws_ecs_service" "a" {
  health_check_grace_period_seconds = var.any
  enable_execute_command            = var.any

  network_configuration {
    subnets          = var.any
    assign_public_ip = var.any
  }

  dynamic "load_balancer" {
    for_each = var.any

    content {
      target_group_arn = var.any
    }
  }
}

resource "aws_ecr_repository" "a" {
  image_tag_mutability = var.any
}

resource "aws_ecr_lifecycle_policy" "a" {
  repository = var.any
}

resource "aws_acm_certificate" "a" {
  domain_name       = var.any
  validation_method = var.any

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_endpoint" "a" {
  vpc_endpoint_type = var.any
  service_name      = var.any
}

resource "aws_s3_bucket_policy" "a" {
  bucket = var.any
  policy = var.any
}

resource "aws_iam_role_policy" "a" {
  role   = var.any
  policy = var.any
}

resource "aws_cloudwatch_metric_alarm" "a" {
  metric_name   = var.any
  namespace     = var.any
  threshold     = var.any
  alarm_actions = var.any
}

resource "aws_wafv2_web_acl" "a" {
  scope = var.any

  dynamic "rule" {
    for_each = var.any

    content {
      name     = rule.key
      priority = rule.value
    }
  }
}

# What a block may say that may be there, or a member that is not known.
resource "aws_cloudfront_distribution" "open" {
  aliases = ["example.com"]

  dynamic "viewer_certificate" {
    for_each = var.any

    content {
      cloudfront_default_certificate = var.any
    }
  }
}

resource "aws_rds_cluster" "open" {
  engine                          = "aurora-mysql"
  deletion_protection             = var.any
  enabled_cloudwatch_logs_exports = ["audit", var.any]
  db_cluster_parameter_group_name = var.any
  preferred_maintenance_window    = var.any
  vpc_security_group_ids          = var.any
}

resource "aws_ecs_service" "either" {
  health_check_grace_period_seconds = var.any
  enable_execute_command            = var.any

  dynamic "deployment_controller" {
    for_each = var.any

    content {
      type = "CODE_DEPLOY"
    }
  }

  dynamic "deployment_controller" {
    for_each = var.any

    content {
      type = "ECS"
    }
  }

  load_balancer {
    target_group_arn = var.any
  }

  load_balancer {
    target_group_arn = var.any
  }
}
`
	own, other := run(&txtar.Archive{Files: []txtar.File{{Name: "m/main.tf", Data: []byte(src[1:])}}}, "m", notes.Rules()...)
	if len(own) > 0 || len(other) > 0 {
		t.Errorf("found something:\n%s%s", lines(own), lines(other))
	}
}

func TestRulesAreDescribed(t *testing.T) {
	t.Parallel()
	sub, err := fs.Sub(blueprints.FS, "notes")
	if err != nil {
		t.Fatal(err)
	}
	l := ledger.Open(sub)
	seen := map[string]bool{}
	for _, r := range vet.Rules() {
		seen[r.ID()] = true
	}
	for _, r := range notes.Rules() {
		if r.ID() == "" || seen[r.ID()] || strings.ToLower(r.ID()) != r.ID() || strings.ContainsAny(r.ID(), " _.") {
			t.Errorf("rule %q: the ID is empty, doubled or not in lower case with hyphens", r.ID())
		}
		seen[r.ID()] = true
		if !strings.HasSuffix(r.Why(), ".") || strings.Contains(r.Why(), "\n") {
			t.Errorf("rule %s: why is %q, want one sentence", r.ID(), r.Why())
		}
		if r.Link() != "" && !strings.HasPrefix(r.Link(), "https://docs.aws.amazon.com/") {
			t.Errorf("rule %s: link is %q", r.ID(), r.Link())
		}
		if len(vet.CitedBy(r)) == 0 {
			t.Errorf("rule %s names no entry of the notes", r.ID())
		}
		named := map[string]bool{}
		for _, id := range vet.CitedBy(r) {
			if _, ok := l.Lookup(id); !ok || named[id] {
				t.Errorf("rule %s: the notes have no entry %q, or the rule names it twice", r.ID(), id)
			}
			named[id] = true
		}
	}
	if len(seen) < 60+len(vet.Rules()) {
		t.Errorf("only %d rules", len(seen))
	}
}

// A rule of stage 3 is ignored as any other.
func TestIgnore(t *testing.T) {
	t.Parallel()
	const src = `# bpgen:ignore image-lifecycle another module keeps the policies
resource "aws_ecr_repository" "a" {
  name                 = "a"
  image_tag_mutability = "IMMUTABLE"
}
`
	own, other := run(&txtar.Archive{Files: []txtar.File{{Name: "m/main.tf", Data: []byte(src)}}}, "m", notes.Rules()...)
	if len(own) > 0 || len(other) > 0 {
		t.Errorf("found something:\n%s%s", lines(own), lines(other))
	}
}
