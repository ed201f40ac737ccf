package mutants

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/fileset"
)

const module = `
variable "keep" {
  default = 7
}

locals {
  many = { for key, size in local.sizes : key => size if size > 0 }
  sizes = { a = 1 }
}

resource "aws_x" "one" {
  on   = var.keep > 1
  name = "one"

  rule {
    limit = 1

    action {
      count = true
    }
  }

  dynamic "tag" {
    for_each = local.sizes

    content {
      key   = tag.key
      value = tag.value
    }
  }
}

resource "aws_x" "json" {
  list = jsonencode([{ a = var.keep, b = { c = local.sizes, d = 1 } }, { a = 2, b = { c = 3, d = 4 } }])
  both = jsonencode([{ a = [{ x = 1 }] }, { a = concat([{ x = var.keep }], []) }])
  map  = { a = { x = 1 }, x = 2, (var.keep) = 3 }
}

resource "aws_x" "each" {
  for_each = local.many

  name  = each.key
  other = aws_x.one.id
}

data "aws_y" "it" {
  name = aws_x.one.name
}

check "it" {
  assert {
    condition     = var.keep > 0
    error_message = "No."
  }
}
`

func TestClosure(t *testing.T) {
	g, err := NewGraph([]fileset.File{{Path: "main.tf", Bytes: []byte(module)}, {Path: "examples/main.tf", Bytes: []byte("}")}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ condition, sees, not string }{
		{`aws_x.one.on`, "aws_x.one.on var.keep aws_x.one#", "aws_x.one.name local.sizes"},
		{`aws_x.one.rule[0].limit == 1`, "aws_x.one.rule.limit aws_x.one.rule#", "aws_x.one.rule.action.count"},
		{`aws_x.one.rule[0].action[0].count`, "aws_x.one.rule.action.count aws_x.one.rule.action#", "aws_x.one.rule.limit"},
		{`alltrue([for r in aws_x.one.rule : r.action[0].count])`, "aws_x.one.rule.action.count aws_x.one.rule#", "aws_x.one.rule.limit aws_x.one.name"},
		{`alltrue([for r in concat(aws_x.one.rule, aws_x.one.tag) : r.key == "a"])`, "aws_x.one.tag.key local.sizes aws_x.one.rule", "aws_x.one.on"},
		{`alltrue([for r in aws_x.one.rule : r.limit == 1 if jsonencode(r) != ""])`, "aws_x.one.rule.action.count aws_x.one.rule.limit", "aws_x.one.on"},
		{`aws_x.one.tag[*].value == ["1"]`, "aws_x.one.tag.value local.sizes", "aws_x.one.tag.key aws_x.one.on"},
		{`one(aws_x.one.tag).value == "1"`, "aws_x.one.tag.value", "aws_x.one.tag.key"},
		{`length(aws_x.each) == 1`, "aws_x.each# local.many local.sizes", "aws_x.each.name aws_x.each.other"},
		{`aws_x.each["a"].name == "a"`, "aws_x.each.name local.many", "aws_x.each.other aws_x.one.name"},
		{`aws_x.each[var.keep].name == "a"`, "aws_x.each.name var.keep", "aws_x.each.other"},
		{`alltrue([for key, x in aws_x.each : x.other == "a"])`, "aws_x.each.other aws_x.one#", "aws_x.each.name aws_x.one.on"},
		{`jsonencode(aws_x.one) == ""`, "aws_x.one.rule.action.count aws_x.one.on aws_x.one.tag.key", "aws_x.each.name"},
		{`aws_x.one.tags_all == {}`, "aws_x.one#", "aws_x.one.on"}, // from the mock
		{`aws_x.one.rule[0].none == 1`, "aws_x.one.rule.limit", "aws_x.one.on"},
		{`data.aws_y.it.id == "1"`, "data.aws_y.it aws_x.one.name", "aws_x.one.on"},
		{`run.before.name == "1"`, Everything, ""},
		{`length(module.m) == 1`, Everything, ""},
		{`jsondecode(aws_x.json.list)[0].a == 1`, "aws_x.json.list.[].a aws_x.json.list# var.keep", "aws_x.json.list.[].b.c local.sizes"},
		{`alltrue([for e in jsondecode(aws_x.json.list) : e.b.d == 1])`, "aws_x.json.list.[].b.d", "aws_x.json.list.[].b.c aws_x.json.list.[].a"},
		{`jsondecode(aws_x.json.list)[0]["b"].d == 1`, "aws_x.json.list.[].b.d aws_x.json.list.[].a", "aws_x.json.map.a"},
		{`jsondecode(aws_x.json.list)[*].b == []`, "aws_x.json.list.[].b.d local.sizes", "aws_x.json.list.[].a"},
		{`[for e in jsondecode(aws_x.json.both)[1].a : e.x] == []`, "aws_x.json.both.[].a# var.keep", "aws_x.json.map.x"},
		{`aws_x.json.map.x == 2`, "aws_x.json.map.x aws_x.json.map# var.keep", "aws_x.json.map.a.x"},
		{`aws_x.json.map["a"].x == 1`, "aws_x.json.map.a.x aws_x.json.map.x", "aws_x.json.list.[].a"},
		{`[for k, v in aws_x.json.map : v.x] == []`, "aws_x.json.map.a.x aws_x.json.map.x", "aws_x.json.list.[].a"},
		{`values(aws_x.json.map)[0].x == 1`, "aws_x.json.map.a.x aws_x.json.map.x", "aws_x.json.list.[].a"},
		{`check.it`, "check.it var.keep", "aws_x.one"},
		{`[for r in var.keep : r.limit] == []`, "var.keep", "aws_x.one.rule.limit"},
	} {
		x, diags := hclsyntax.ParseExpression([]byte(tt.condition), "", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		got := g.Closure(g.Refs(x))
		for _, part := range strings.Fields(tt.sees) {
			if !got[part] {
				t.Errorf("%s does not see %s, but %v", tt.condition, part, slices.Sorted(maps.Keys(got)))
			}
		}
		for _, part := range strings.Fields(tt.not) {
			if got[part] {
				t.Errorf("%s sees %s", tt.condition, part)
			}
		}
	}
}

// TestBatches holds that an assertion which fails because of one change never counts
// for another.
func TestBatches(t *testing.T) {
	const src = `locals {
  least = aws_x.b.size > 1
}

resource "aws_x" "a" {
  on = local.least
}

resource "aws_x" "b" {
  size = 2
}

resource "aws_x" "c" {
  size = 3
}
`
	const tests = `
run "plan" {
  command = plan

  assert {
    condition     = aws_x.a.on
    error_message = "It must be on."
  }

  assert {
    condition     = aws_x.c.size == 3
    error_message = "There must be three."
  }
}
`
	files := []fileset.File{{Path: "main.tf", Bytes: []byte(src)}}
	b, err := NewBench(files, []fileset.File{{Path: "tests/x.tftest.hcl", Bytes: []byte(tests)}})
	if err != nil {
		t.Fatal(err)
	}
	mutant := func(old, with string) *Mutant {
		m, err := b.Mutant(with, fileset.File{Path: "main.tf", Bytes: []byte(strings.Replace(src, old, with, 1))})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	on, three := Failure{File: "tests/x.tftest.hcl", Line: 6, Text: "It must be on."}, Failure{File: "tests/x.tftest.hcl", Line: 11, Text: "There must be three."}
	ended := map[[2]string]bool{{"tests/x.tftest.hcl", "plan"}: true}
	judge := func(failures []Failure, mutants ...*Mutant) []Failure {
		batch, err := b.Batch(mutants...)
		if err != nil {
			t.Fatal(err)
		}
		return batch.Judge(failures, ended)
	}

	// What fails because of the size of b is not told of what is done to a.
	harmless, small := mutant("on = local.least", "on = local.least || false"), mutant("size = 2", "size = 1")
	if judge([]Failure{on}, harmless, small); harmless.Noticed != "" || small.Noticed != "" {
		t.Errorf("an assertion that sees two changes counts: %q, %q", harmless.Noticed, small.Noticed)
	}
	if judge(nil, harmless); harmless.Noticed != "" || harmless.Open() {
		t.Errorf("%q is noticed alone, or open", harmless.Name)
	}
	if judge([]Failure{on}, small); small.Noticed == "" {
		t.Errorf("%q is not noticed alone", small.Name)
	}

	// A change makes the assertion see what it did not see before.
	other, four := mutant("on = local.least", "on = aws_x.c.size > 3"), mutant("size = 3", "size = 4")
	if judge([]Failure{three}, other, four); other.Noticed != "" {
		t.Errorf("%q is noticed by %q", other.Name, other.Noticed)
	}

	// Two changes of one argument are no module.
	again := mutant("size = 3", "size = 5")
	if batch, err := b.Pick([]*Mutant{again, mutant("size = 3", "size = 6")}); err != nil || len(batch.Mutants) != 1 {
		t.Errorf("%v, %v: one argument is changed twice at once", batch, err)
	}
	if others := judge([]Failure{{File: "main.tf", Line: 14, Text: "No such number."}}, again); len(others) != 1 || again.Noticed != "" || again.Planned {
		t.Errorf("%v: an error of the module is a test", others)
	}
	// A run that broke off says nothing of what it did not come to.
	if batch, err := b.Batch(again); err != nil {
		t.Fatal(err)
	} else if batch.Judge(nil, nil); !again.Open() {
		t.Error("a run that did not end has passed")
	} else if behind := batch.Behind(Failure{File: "main.tf", Line: 14}); len(behind) != 1 {
		t.Errorf("%v is behind an error at the changed line", behind)
	}

	// What is gone can be seen.
	gone := mutant("resource \"aws_x\" \"c\" {\n  size = 3\n}\n", "")
	if len(gone.sees) != 1 || !gone.Visible() {
		t.Errorf("%v see that an object is gone", gone.sees)
	}
}

// TestAttribution tries random changes of random modules, whose conditions are worked
// out here: what is told of a mutant in a batch is true of it alone.
func TestAttribution(t *testing.T) {
	noticed, passed, batches := 0, 0, 0
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 1))
		w := newWorld(r)
		b, err := NewBench(w.files(nil), []fileset.File{{Path: "tests/x.tftest.hcl", Bytes: []byte(w.tests)}})
		if err != nil {
			t.Fatal(err)
		}
		var all []*Mutant
		change := map[*Mutant]int{}
		for i := range w.exprs {
			m, err := b.Mutant(fmt.Sprint(i), w.files([]int{i})...)
			if err != nil {
				t.Fatal(err)
			}
			all, change[m] = append(all, m), i
		}
		for rounds := 0; ; rounds++ {
			batch, err := b.Pick(all)
			if err != nil {
				t.Fatal(err)
			}
			if len(batch.Mutants) == 0 {
				break
			}
			if batches++; rounds > 100 {
				t.Fatalf("seed %d: no end", seed)
			}
			var changed []int
			for _, m := range batch.Mutants {
				changed = append(changed, change[m])
			}
			batch.Judge(w.failures(t, changed), map[[2]string]bool{{"tests/x.tftest.hcl", "plan"}: true})
		}
		for _, m := range all {
			alone := w.failures(t, []int{change[m]})
			switch {
			case m.Noticed != "" && !slices.ContainsFunc(alone, func(f Failure) bool { return f.Text == m.Noticed }):
				t.Errorf("seed %d: %q does not notice %s alone\n%s", seed, m.Noticed, m.Name, w.files([]int{change[m]})[0].Bytes)
			case m.Noticed == "" && len(alone) > 0 && !m.Open() && len(m.passed) == len(m.sees):
				t.Errorf("seed %d: %v notices %s alone, and nothing did\n%s", seed, alone, m.Name, w.files([]int{change[m]})[0].Bytes)
			case m.Noticed != "":
				noticed++
			default:
				passed++
			}
		}
	}
	t.Logf("%d mutants were noticed and %d were not, in %d batches", noticed, passed, batches)
	if noticed < 200 || passed < 200 {
		t.Error("too few to say anything")
	}
}

// A world is a module of arguments and local values that are sums of others, and
// assertions of what they are.
type world struct {
	names, exprs []string
	add          []int // what a change adds, which may be nothing
	tests        string
	lines        []string // of the conditions
}

func newWorld(r *rand.Rand) *world {
	w := &world{}
	for i := range 12 {
		expr := fmt.Sprint(r.IntN(3))
		for range r.IntN(3) {
			if i > 0 {
				expr += " + " + w.names[r.IntN(i)]
			}
		}
		name := fmt.Sprintf("local.v%d", i)
		if i%2 == 0 {
			name = fmt.Sprintf("aws_x.o%d.v", i)
		}
		w.names, w.exprs, w.add = append(w.names, name), append(w.exprs, expr), append(w.add, r.IntN(2))
	}
	var b strings.Builder
	b.WriteString("run \"plan\" {\n")
	for i, name := range w.names {
		if r.IntN(2) == 0 {
			continue
		}
		condition := fmt.Sprintf("%s == %d", name, w.value(nil, i))
		fmt.Fprintf(&b, "assert {\ncondition = %s\nerror_message = \"no\"\n}\n", condition)
		w.lines = append(w.lines, condition)
	}
	b.WriteString("}\n")
	w.tests = b.String()
	return w
}

// files returns the module with some of its values changed. A change may also make a
// value depend on another one.
func (w *world) files(changed []int) []fileset.File {
	var b strings.Builder
	for i, name := range w.names {
		expr := w.exprs[i]
		if slices.Contains(changed, i) {
			expr += fmt.Sprintf(" + %d", w.add[i])
			if i > 2 {
				expr += fmt.Sprintf(" + %s - %d", w.names[i-2], w.value(nil, i-2))
			}
		}
		if key, ok := strings.CutPrefix(name, "local."); ok {
			fmt.Fprintf(&b, "locals {\n%s = %s\n}\n", key, expr)
		} else {
			fmt.Fprintf(&b, "resource \"aws_x\" \"o%d\" {\nv = %s\n}\n", i, expr)
		}
	}
	return []fileset.File{{Path: "main.tf", Bytes: []byte(b.String())}}
}

// value works out a value by hand.
func (w *world) value(changed []int, i int) int {
	sum := 0
	for _, term := range strings.Split(w.exprs[i], " + ") {
		if j := slices.Index(w.names, term); j >= 0 {
			sum += w.value(changed, j)
			continue
		}
		sum += int(term[0] - '0')
	}
	if slices.Contains(changed, i) {
		sum += w.add[i]
		if i > 2 {
			sum += w.value(changed, i-2) - w.value(nil, i-2)
		}
	}
	return sum
}

func (w *world) failures(t *testing.T, changed []int) []Failure {
	t.Helper()
	variables := map[string]cty.Value{}
	locals, objects := map[string]cty.Value{}, map[string]cty.Value{}
	for i, name := range w.names {
		v := cty.NumberIntVal(int64(w.value(changed, i)))
		if key, ok := strings.CutPrefix(name, "local."); ok {
			locals[key] = v
		} else {
			objects[fmt.Sprintf("o%d", i)] = cty.ObjectVal(map[string]cty.Value{"v": v})
		}
	}
	variables["local"], variables["aws_x"] = cty.ObjectVal(locals), cty.ObjectVal(objects)
	var out []Failure
	for n, line := range strings.Split(w.tests, "\n") {
		condition, ok := strings.CutPrefix(line, "condition = ")
		if !ok {
			continue
		}
		x, diags := hclsyntax.ParseExpression([]byte(condition), "", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		v, diags := x.Value(&hcl.EvalContext{Variables: variables})
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		if v.False() {
			out = append(out, Failure{File: "tests/x.tftest.hcl", Line: n + 1, Text: condition})
		}
	}
	return out
}

func TestApart(t *testing.T) {
	const src = `mock_provider "aws" {
  mock_resource "aws_x" {
    defaults = { arn = "x" }
  }
}

run "a" {
  command = apply

  assert {
    condition     = (a.b && c.d) && alltrue([e.f, g.h && i.j]) && alltrue([for x in y : x])
    error_message = "No."
  }

  assert {
    condition     = k.l || m.n
    error_message = "No."
  }
}
`
	got, err := Apart("x", []byte(src))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"(a.b)", "(c.d)", "(e.f)", "(g.h)", "(i.j)", "(alltrue([for x in y : x]))", "(k.l || m.n)"} {
		if strings.Count(string(got), "condition = "+want+"\n") != 1 {
			t.Errorf("%s is not a condition of its own:\n%s", want, got)
		}
	}
	files := []fileset.File{{Path: "main.tf", Bytes: []byte("resource \"aws_x\" \"a\" {\n}\n\nresource \"aws_y\" \"a\" {\n}\n\ndata \"aws_z\" \"a\" {\n}\n")}}
	planned, err := AtPlan("x", got, files)
	if err != nil {
		t.Fatal(err)
	}
	for text, n := range map[string]int{"command = plan": 1, "override_during = plan": 1, `mock_resource "aws_x"`: 1, `mock_resource "aws_y"`: 1, "aws_z": 0, "assert {": 7} {
		if strings.Count(string(planned), text) != n {
			t.Errorf("%s is not there %d times:\n%s", text, n, planned)
		}
	}
	two := slices.Concat(got, []byte("\nrun \"b\" {\n  command = plan\n}\n"))
	if same, err := AtPlan("x", two, files); err != nil || string(same) != string(two) {
		t.Errorf("%v: a plan after an apply has lost the apply:\n%s", err, same)
	}
}
