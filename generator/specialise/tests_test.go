package specialise_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/functions"
	"github.com/bpgen/bpgen/generator/specialise"
	"github.com/bpgen/bpgen/generator/template"
)

// A run sets the variable that one of the template is bound to. One that would
// have to set a link goes, since what it expects would not come about.
func TestRunVariables(t *testing.T) {
	fsys := fstest.MapFS{
		"main.tf": {Data: []byte(`
variable "cidr" { type = string }
variable "link" { type = string }
variable "open" { type = string }
resource "thing" "this" { name = "${var.cidr}${var.link}${var.open}" }
`)},
		"tests/main.tftest.hcl": {Data: []byte(`run "shared" {
  variables {
    cidr = "a"
    open = "b"
  }

  expect_failures = [thing.this]
}

run "link" {
  variables {
    link = "a"
  }

  expect_failures = [thing.this]
}
`)},
	}
	tmpl, diags := template.Load(fsys, "t", "t", nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	in := specialise.Input{Template: tmpl, Name: "app", Bound: map[string]specialise.Result{}, Exposed: map[string]string{"open": "app_open"}, Funcs: functions.Table()}
	for name, ref := range map[string]string{"cidr": "var.vpc_cidr", "link": "aws_vpc.network.id"} {
		in.Bound[name], diags = specialise.Bind(tmpl.Variable(name), specialise.Reference(ref, cty.String), hcl.Range{})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
	}
	comp, diags := specialise.Specialise(in)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	got := runs(t, in, comp)
	want := `run "app_shared" {
  variables {
    vpc_cidr = "a"
    app_open = "b"
  }

  expect_failures = [thing.app]
}
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// A run that expects a check to fail names it as it is called in the module, and
// goes with it.
func TestRunExpectsCheck(t *testing.T) {
	fsys := fstest.MapFS{
		"main.tf": {Data: []byte(`
variable "tag" { type = string }
variable "on" { type = bool }
check "tag" {
  assert {
    condition     = var.tag != ""
    error_message = "No tag."
  }
}
check "on" {
  assert {
    condition     = var.on
    error_message = "Off."
  }
}
`)},
		"tests/main.tftest.hcl": {Data: []byte(`run "tag" {
  variables {
    tag = ""
  }

  expect_failures = [check.tag]
}

run "off" {
  expect_failures = [check.on]
}
`)},
	}
	tmpl, diags := template.Load(fsys, "t", "t", nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	in := specialise.Input{Template: tmpl, Name: "app", Bound: map[string]specialise.Result{}, Exposed: map[string]string{"tag": "app_tag"}, Funcs: functions.Table()}
	in.Bound["on"], diags = specialise.Bind(tmpl.Variable("on"), specialise.Constant(cty.True), hcl.Range{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	comp, diags := specialise.Specialise(in)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	got := runs(t, in, comp)
	want := `run "app_tag" {
  variables {
    app_tag = ""
  }

  expect_failures = [check.app_tag]
}
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// A run that expects a validation to fail follows the variable to the one of the
// module that it is linked to, with the validation. It goes where the variable is
// linked to anything else, where two values would be those of one variable, and
// where the validation does not stand with the variable.
func TestRunExpectsLinkedVariable(t *testing.T) {
	fsys := fstest.MapFS{
		"main.tf": {Data: []byte(`
variable "days" {
  type = number
  validation {
    condition     = var.days >= 1
    error_message = "Too few."
  }
}
variable "most" { type = number }
variable "weeks" {
  type = number
  validation {
    condition     = var.weeks >= 1 && var.weeks < var.most
    error_message = "Too few."
  }
}
variable "link" {
  type = string
  validation {
    condition     = var.link != ""
    error_message = "Empty."
  }
}
resource "thing" "this" { name = "${var.days}${var.weeks}${var.most}${var.link}" }
`)},
		"tests/main.tftest.hcl": {Data: []byte(`run "days" {
  variables {
    days = 0
  }

  expect_failures = [var.days]
}

run "weeks" {
  variables {
    weeks = 0
  }

  expect_failures = [var.weeks]
}

run "link" {
  variables {
    link = ""
  }

  expect_failures = [var.link]
}

run "both" {
  variables {
    days  = 0
    weeks = 1
  }

  expect_failures = [var.days]
}
`)},
	}
	tmpl, diags := template.Load(fsys, "t", "t", nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	in := specialise.Input{Template: tmpl, Name: "app", Bound: map[string]specialise.Result{}, Exposed: map[string]string{"most": "app_most"}, Funcs: functions.Table()}
	for name, ref := range map[string]string{"days": "var.keep_days", "weeks": "var.keep_days", "link": "aws_vpc.network.id"} {
		in.Bound[name], diags = specialise.Bind(tmpl.Variable(name), specialise.Reference(ref, tmpl.Variable(name).Type), hcl.Range{})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
	}
	comp, diags := specialise.Specialise(in)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	got := runs(t, in, comp)
	want := `run "app_days" {
  variables {
    keep_days = 0
  }

  expect_failures = [var.keep_days]
}
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// An assertion stays when what it says of locals stands in a string or in a loop of
// its own, and goes when it reads one, which a test of the module cannot.
func TestAssertionsOverLocals(t *testing.T) {
	fsys := fstest.MapFS{
		"main.tf": {Data: []byte(`
locals { zone = "app.local.example" }
resource "thing" "this" { name = local.zone }
`)},
		"tests/main.tftest.hcl": {Data: []byte(`run "named" {
  command = plan

  assert {
    condition     = thing.this.name != "local.zone" && alltrue([for local in ["a"] : local != ""])
    error_message = "Not local.zone."
  }

  assert {
    condition     = thing.this.name == "app.local.example"
    error_message = "Not the zone."
  }
}
`)},
	}
	tmpl, diags := template.Load(fsys, "t", "t", nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	in := specialise.Input{Template: tmpl, Name: "app", Bound: map[string]specialise.Result{}, Funcs: functions.Table()}
	comp, diags := specialise.Specialise(in)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	got := runs(t, in, comp)
	for _, want := range []string{`thing.app.name != "local.zone"`, `error_message = "Not local.zone."`, `thing.app.name == "app.local.example"`} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in\n%s", want, got)
		}
	}
}

// runs returns the text of the runs that are left of a template's tests.
func runs(t *testing.T, in specialise.Input, comp *specialise.Component) string {
	t.Helper()
	blocks, diags := specialise.Tests(in, comp)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	var out []string
	for _, b := range blocks {
		out = append(out, b.String())
	}
	return strings.Join(out, "\n")
}
