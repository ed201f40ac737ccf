package specialise_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/functions"
	"github.com/bpgen/bpgen/generator/specialise"
	"github.com/bpgen/bpgen/generator/template"
)

// written declares variables that a blueprint binds to expressions, and not to
// references alone.
const written = `
variable "diff" { type = number }
variable "choice" { type = bool }
variable "fixed" {
  type     = number
  nullable = false
  default  = 4
}
variable "key" {
  type      = string
  sensitive = true
}
variable "members" { type = map(string) }
variable "maps" { type = list(map(string)) }
variable "mixed" {}
variable "table" { type = map(list(object({ a = list(string) }))) }
variable "sheets" { type = map(object({ rows = list(object({ a = list(string) })) })) }
variable "o_rows" { type = list(object({ a = list(string) })) }
variable "lists" { type = list(object({ l = list(string) })) }
variable "o_numbers" { type = list(number) }
variable "off" { type = bool }
variable "nil" { type = string }
variable "word" { type = string }
variable "list" { type = list(string) }
variable "link" { type = string }
variable "o_bool" { type = bool }
variable "o_text" { type = string }
variable "o_list" { type = list(string) }
variable "o_any" {}
variable "o_secret" {
  type      = string
  sensitive = true
}

resource "thing" "this" {}
resource "thing" "one" { count = var.o_any }
`

// expressions is what the blueprint gives to those variables.
var expressions = map[string]string{
	"diff": `thing.other.n - 1`, "choice": `thing.other.b ? thing.other.c : thing.other.d`, "members": `{ a = thing.other.a }`, "key": `thing.other.a`, "fixed": `thing.other.n`,
	"maps": `[{ a = "1" }]`, "lists": `[{ l = ["x"] }]`, "mixed": `[thing.other.a, thing.other.words]`,
	"table": `{ x = [{ a = null }, { a = ["1", "2"] }] }`, "sheets": `{ x = { rows = [{ a = null }, { a = ["1", "2"] }] } }`,
	"off": `false`, "nil": `null`, "word": `"w"`, "list": `["a", "b"]`, "link": `thing.other.a`,
}

// types of the attributes of thing.other.
var types = map[string]cty.Type{"n": cty.Number, "b": cty.Bool, "c": cty.Bool, "d": cty.Bool, "a": cty.String}

// linkedWith specialises a template whose variables are bound to expressions.
func linkedWith(t *testing.T, src string, schemas specialise.Schemas) (*specialise.Component, hcl.Diagnostics) {
	t.Helper()
	tmpl, diags := template.Load(fstest.MapFS{"main.tf": {Data: []byte(src)}}, "t", "t", nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	in := specialise.Input{Template: tmpl, Name: "app", Bound: map[string]specialise.Result{}, Exposed: map[string]string{}, Funcs: functions.Table(), Schemas: schemas}
	for _, v := range tmpl.Variables {
		text, ok := expressions[v.Name]
		if !ok {
			in.Exposed[v.Name] = "app_" + v.Name
			continue
		}
		x, diags := hclsyntax.ParseExpression([]byte(text), "bp", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		ev := specialise.NewEvaluator(map[string][]byte{"bp": []byte(text)}, functions.Table(), func(ref hcl.Traversal) (specialise.Result, int) {
			name := ref[2].(hcl.TraverseAttr).Name
			if name == "words" { // a constant
				return specialise.Constant(cty.ListVal([]cty.Value{cty.StringVal("p"), cty.StringVal("q")})), 3
			}
			return specialise.Reference("thing.other."+name, types[name]), 3
		})
		if in.Bound[v.Name], diags = specialise.Bind(v, ev.EvalFor(x, v.Type), hcl.Range{}); diags.HasErrors() {
			t.Fatal(diags)
		}
	}
	return specialise.Specialise(in)
}

// TestKept specialises expressions of which something must stay: brackets, a mark,
// the name that a loop binds, what a function makes of its arguments.
func TestKept(t *testing.T) {
	tests := []struct{ name, expr, want string }{
		{"brackets on the right", `10 - var.diff`, `10 - (thing.other.n - 1)`},
		{"no brackets on the left", `var.diff - 10`, `thing.other.n - 1 - 10`},
		{"brackets of what is negated", `-var.diff`, `-(thing.other.n - 1)`},
		{"brackets of a condition", `var.choice ? 1 : 2`, `(thing.other.b ? thing.other.c : thing.other.d) ? 1 : 2`},
		{"brackets of an object that is indexed", `thing.this[var.o_text]`, `(thing.app)[var.app_o_text]`},

		{"mark of a variable that is linked", `"${var.key}-${var.word}"`, `"${sensitive(thing.other.a)}-w"`},
		{"mark of a side that decides", `sensitive(var.off) && var.o_bool`, `sensitive(false) && var.app_o_bool`},
		{"mark of a filter", `[for x in var.list : x if x == sensitive("a")]`, `[for x in ["a", "b"] : x if x == sensitive("a")]`},
		{"mark of a collection of which none is kept", `[for x in split(",", var.o_secret) : x if var.off]`, `[for x in split(",", var.app_o_secret) : x if false]`},

		{"name of an outer loop", `[for thing in var.o_list : [for x in var.o_list : "${var.link}${thing}${x}"]]`, `[for thing_item in var.app_o_list : [for x in var.app_o_list : "${thing.other.a}${thing_item}${x}"]]`},
		{"name of a loop that fails", `var.o_bool ? 1 : [for i, thing in var.list[7] : [thing.one, i]]`, `var.app_o_bool ? 1 : [for i, thing in ["a", "b"][7] : [thing.one, i]]`},
		{"name of a loop where nothing folds", `var.o_bool ? 1 : [for thing in var.o_any : [thing.one, var.list[7]]]`, `var.app_o_bool ? 1 : [for thing in var.app_o_any : [thing.one, ["a", "b"][7]]]`},

		{"default of what must not be null", `var.fixed`, `thing.other.n == null ? 4 : thing.other.n`},
		{"default of a loop's map in a comparison", `length([for m in var.maps : 1 if lookup(m, var.o_text, 5) == "5"])`, `length([for m in [tomap({ a = "1" })] : 1 if lookup(m, var.app_o_text, 5) == "5"])`},
		{"default of a loop's map in JSON", `jsonencode([for m in var.maps : lookup(m, var.o_text, 5) if var.o_bool])`, `jsonencode([for m in [tomap({ a = "1" })] : lookup(m, var.app_o_text, 5) if var.app_o_bool])`},
		{"default of a loop's map in a text", `[for m in var.maps : "${lookup(m, var.o_text, 5)}-" if var.o_bool]`, `[for m in [{ a = "1" }] : "${lookup(m, var.app_o_text, 5)}-" if var.app_o_bool]`},
		{"members that concat makes alike in a comparison", `concat(var.list, var.o_numbers)[2] == "5"`, `concat(tolist(["a", "b"]), var.app_o_numbers)[2] == "5"`},
		{"members that concat makes alike in JSON", `jsonencode(concat(var.list, var.o_numbers))`, `jsonencode(concat(tolist(["a", "b"]), var.app_o_numbers))`},
		{"members of a loop that concat makes alike", `jsonencode([for o in var.lists : concat(o.l, var.o_numbers) if var.o_bool])`, `jsonencode([for o in [{ l = tolist(["x"]) }] : concat(o.l, var.app_o_numbers) if var.app_o_bool])`},
		{"members of a tuple are as they are", `jsonencode(concat([var.word], var.o_numbers))`, `jsonencode(concat(["w"], var.app_o_numbers))`},
		{"members of a loop beside a tuple", `jsonencode([for o in var.lists : concat(o.l, [var.o_text]) if var.o_bool])`, `jsonencode([for o in [{ l = ["x"] }] : concat(o.l, [var.app_o_text]) if var.app_o_bool])`},
		{"arms that are made alike", `(var.o_bool ? var.o_numbers[0] : var.nil) == "5"`, `(var.app_o_bool ? var.app_o_numbers[0] : tostring(null)) == "5"`},
		{"a list beside a link", `var.mixed`, `[thing.other.a, tolist(["p", "q"])]`},
		{"maps stay maps", `merge(var.members, var.members)`, `merge(tomap({ a = thing.other.a }), tomap({ a = thing.other.a }))`},
		{"elements go round", `element([var.o_text, var.link], 4)`, `var.app_o_text`},
		{"first key that is a word", `merge({ "for" = var.o_text }, { b = var.word })`, `{ "for" = var.app_o_text, b = "w" }`},
		{"attribute that may be null", `thing.this.size == null`, `thing.app.size == null`},
		{"attribute that is never null", `thing.this.arn == null`, `false`},
		{"null in a branch that is open", `"%{ if var.o_bool }${var.nil}%{ endif }-${var.word}"`, `"%{ if var.app_o_bool }${null}%{ endif }-w"`},
	}
	var src strings.Builder
	src.WriteString(written)
	for _, c := range tests {
		src.WriteString("output \"" + strings.NewReplacer(" ", "_", "'", "").Replace(c.name) + "\" {\n  value = " + c.expr + "\n}\n")
	}
	comp, diags := linkedWith(t, src.String(), nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	for i, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			r := comp.Outputs[comp.Template.Outputs[i].Name]
			if r.Err != nil {
				t.Errorf("%s: %v", c.expr, r.Err)
			} else if r.Top() != c.want {
				t.Errorf("%s\n got %s\nwant %s", c.expr, r.Top(), c.want)
			}
		})
	}
}

// secrets is a provider whose things have a sensitive attribute.
type secrets struct{}

func (secrets) Attribute(_, _, name string) (cty.Type, bool, bool) {
	return cty.String, name == "password", true
}

func (secrets) Object(string, string) (cty.Type, bool) { return cty.NilType, false }

func (secrets) Regional(string, string) bool { return false }

// TestSensitiveAttribute holds that an attribute is as sensitive as the provider
// says.
func TestSensitiveAttribute(t *testing.T) {
	comp, diags := linkedWith(t, written+`
output "secret" { value = "${thing.this.password}-${var.word}" }
output "plain" { value = "${thing.this.name}-${var.word}" }
`, secrets{})
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	for name, want := range map[string]bool{"secret": true, "plain": false} {
		if got := comp.Outputs[name].Sensitive; got != want {
			t.Errorf("the output %s is sensitive: %v", name, got)
		}
	}
}

// TestArmsOfRows holds that a constant is written with its types in an arm where
// rows that differ, such as one with a null, would be like none of the other arm.
func TestArmsOfRows(t *testing.T) {
	comp, diags := linkedWith(t, written+`
resource "thing" "rows" {
  rows   = var.o_bool ? var.table[var.o_text] : var.o_rows
  listed = var.o_bool ? [var.table[var.o_text]] : [var.o_rows]
  keyed  = var.o_bool ? { k = var.table[var.o_text] } : { k = var.o_rows }
  looped = var.o_bool ? [for r in var.table["x"] : r if var.o_text == "x"] : var.o_rows
  splat  = var.o_bool ? var.table[var.o_text][*].a : var.o_any
  member = var.o_bool ? var.sheets[var.o_text].rows : var.o_rows
  tried  = var.o_bool ? (try(var.table[var.o_text], var.o_rows)) : var.o_rows
}
`, nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	got := comp.Blocks[len(comp.Blocks)-1].Code.String()
	want := `resource "thing" "app_rows" {
  rows   = var.app_o_bool ? TABLE[var.app_o_text] : var.app_o_rows
  listed = var.app_o_bool ? [TABLE[var.app_o_text]] : [var.app_o_rows]
  keyed  = var.app_o_bool ? { k = TABLE[var.app_o_text] } : { k = var.app_o_rows }
  looped = var.app_o_bool ? [for r in [{ a = false ? tolist([""]) : null }, { a = tolist(["1", "2"]) }] : r if var.app_o_text == "x"] : var.app_o_rows
  splat  = var.app_o_bool ? TABLE[var.app_o_text][*].a : var.app_o_any
  member = var.app_o_bool ? { x = { rows = ROWS } }[var.app_o_text].rows : var.app_o_rows
  tried  = var.app_o_bool ? try(TABLE[var.app_o_text], var.app_o_rows) : var.app_o_rows
}
`
	want = strings.NewReplacer("TABLE", "{ x = ROWS }").Replace(want)
	want = strings.ReplaceAll(want, "ROWS", `tolist([{ a = tolist(null) }, { a = tolist(["1", "2"]) }])`)
	if got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}
