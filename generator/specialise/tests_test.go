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
    open = "${var.cidr}b"
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
    app_open = "${var.vpc_cidr}b"
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

// What is said of locals in a string, or of a loop's own variable, is about no local
// value.
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

// An assertion about a local value is about what it stands for: the module need not
// have the local value. One about the instances of a resource, which are an object,
// is not decided as if they were a map. What a run overrides is renamed.
func TestRunAsserts(t *testing.T) {
	fsys := fstest.MapFS{
		"main.tf": {Data: []byte(`
variable "names" { type = set(string) }
variable "word" { type = string }
variable "size" { type = number }
locals {
  title = "${var.word}-x"
  known = "${var.word}-y"
  sized = var.size + 1
  open  = { for k, t in thing.each : k => t.name if var.size > 0 }
}
resource "thing" "this" {
  name = local.title
  size = local.sized
}
data "thing" "gone" {
  count = var.word == "w" ? 0 : 1
}
module "child" {
  source = "registry.example.com/a/b/c"
}
resource "thing" "each" {
  for_each = var.names
  name     = each.value
}
`)},
		"tests/main.tftest.hcl": {Data: []byte(`run "locals" {
  override_resource {
    target = thing.this
    values = { id = "${var.word}-id" }
  }
  override_resource {
    target = thing.each["a"]
    values = { id = "a" }
  }
  override_data {
    target = data.thing.gone
    values = { id = "b" }
  }
  override_module {
    target  = module.child
    outputs = { id = "c" }
  }
  assert {
    condition     = thing.this.name == local.title
    error_message = "Name."
  }
  assert {
    condition     = thing.this.size == local.sized * 2
    error_message = "Size ${local.sized}."
  }
  assert {
    condition     = local.open == { a = "a" }
    error_message = "Open."
  }
  assert {
    condition     = keys(thing.each) == ["a", "b"]
    error_message = "Keys."
  }
  assert {
    condition     = keys(thing.each) == tolist(["a", "b"])
    error_message = "Keys."
  }
  assert {
    condition     = keys(local.open) == ["a", "b"]
    error_message = "Keys."
  }
}
`)},
	}
	tmpl, diags := template.Load(fsys, "t", "t", nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	in := specialise.Input{Template: tmpl, Name: "app", Bound: map[string]specialise.Result{}, Exposed: map[string]string{"names": "app_names", "size": "app_size"}, Funcs: functions.Table()}
	in.Bound["word"], diags = specialise.Bind(tmpl.Variable("word"), specialise.Constant(cty.StringVal("w")), hcl.Range{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	comp, diags := specialise.Specialise(in)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	got := runs(t, in, comp)
	want := `run "app_locals" {
  override_resource {
    target = thing.app
    values = { id = "w-id" }
  }
  override_resource {
    target = thing.app_each["a"]
    values = { id = "a" }
  }
  override_module {
    target  = module.app_child
    outputs = { id = "c" }
  }
  assert {
    condition     = thing.app.name == "w-x"
    error_message = "Name."
  }
  assert {
    condition     = thing.app.size == (var.app_size + 1) * 2
    error_message = "Size ${var.app_size + 1}."
  }
  assert {
    condition     = { for k, t in thing.app_each : k => t.name if var.app_size > 0 } == { a = "a" }
    error_message = "Open."
  }
  assert {
    condition     = keys(thing.app_each) == ["a", "b"]
    error_message = "Keys."
  }
  assert {
    condition     = keys(thing.app_each) == tolist(["a", "b"])
    error_message = "Keys."
  }
  assert {
    condition     = keys({ for k, t in thing.app_each : k => t.name if var.app_size > 0 }) == ["a", "b"]
    error_message = "Keys."
  }
}
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// What cannot be carried into the tests of the linked module is an error, with a way
// out, and never left out without a word.
func TestRunErrors(t *testing.T) {
	for _, c := range []struct{ name, tests, want string }{
		{"random", "run \"a\" {\n  assert {\n    condition     = local.id != \"\"\n    error_message = \"Id.\"\n  }\n}\n", "main.tftest.hcl:3,21-35: Assertion about a local value"},
		{"file", "override_resource {\n  target = thing.this\n}\n", "main.tftest.hcl:1,1-18: Override of a whole file"},
		{"inline", "run \"a\" {\n  override_module {\n    target = module.child\n  }\n}\n", "main.tftest.hcl:3,14-26: Override of a module that is written inline"},
	} {
		t.Run(c.name, func(t *testing.T) {
			fsys := fstest.MapFS{
				"main.tf": {Data: []byte(`
locals { id = uuid() }
resource "thing" "this" { name = local.id }
module "child" { source = "./child" }
`)},
				"child/main.tf":         {Data: []byte(`resource "thing" "this" { name = "x" }`)},
				"tests/main.tftest.hcl": {Data: []byte(c.tests)},
			}
			tmpl, diags := template.Load(fsys, "t", "t", nil)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			in := specialise.Input{Template: tmpl, Name: "app", Bound: map[string]specialise.Result{}, Exposed: map[string]string{}, Funcs: functions.Table()}
			comp, diags := specialise.Specialise(in)
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			if _, diags = specialise.Tests(in, comp); !strings.Contains(diags.Error(), c.want) {
				t.Errorf("got %v, want %s", diags, c.want)
			}
		})
	}
}
