package specialise_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/functions"
	"github.com/bpgen/bpgen/generator/internal/cpu"
	"github.com/bpgen/bpgen/generator/specialise"
	"github.com/bpgen/bpgen/generator/template"
)

// within specialises a module with one resource of one argument.
func within(ctx context.Context, t *testing.T, locals, value string) (*specialise.Component, hcl.Diagnostics) {
	t.Helper()
	src := "resource \"x\" \"open\" {}\n\nresource \"x\" \"this\" {\n  value = " + value + "\n}\n\nlocals {\n" + locals + "}\n"
	tmpl, diags := template.Load(fstest.MapFS{"main.tf": {Data: []byte(src)}}, "t", "t", nil)
	if diags.HasErrors() {
		t.Fatalf("%s: %v", value, diags)
	}
	in := specialise.Input{Template: tmpl, Name: "a", Bound: map[string]specialise.Result{}, Exposed: map[string]string{}, Funcs: functions.Table(), Budget: budget.New(ctx, "the test")}
	return specialise.Specialise(in)
}

func chain(n int, first, next string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "  a0 = %s\n", first)
	for i := 1; i < n; i++ {
		fmt.Fprintf(&b, "  a%d = %s\n", i, strings.ReplaceAll(next, "@", fmt.Sprintf("local.a%d", i-1)))
	}
	return b.String()
}

func nest(n int, form, body string) string {
	for i := range n {
		body = strings.ReplaceAll(strings.ReplaceAll(form, "#", fmt.Sprint(i)), "@", body)
	}
	return body
}

// TestSpent: what needs more than the budget is one error, wherever it stands:
// nothing that catches errors catches it.
func TestSpent(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ locals, value string }{
		"strings":            {chain(60, `"xx"`, `"${@}${@}"`), "local.a59"},
		"lists":              {chain(60, `["x"]`, "[@, @]"), "local.a59"},
		"objects":            {chain(60, `"x"`, "{ a = @, b = @ }"), "local.a59"},
		"concat":             {chain(60, `["x"]`, "concat(@, @)"), "local.a59"},
		"merge":              {chain(60, "{ a = 1 }", `merge({ for k, v in @ : "a${k}" => v }, { for k, v in @ : "b${k}" => v })`), "local.a59"},
		"splat":              {chain(60, `[{ a = 1 }]`, "[for x in concat(@, @) : x]"), "local.a59[*].a"},
		"caught":             {chain(60, `["x"]`, "concat(@, @)"), "try(local.a59, [])"},
		"asked":              {chain(60, `["x"]`, "concat(@, @)"), "can(local.a59)"},
		"in an arm":          {chain(60, `["x"]`, "concat(@, @)"), "x.open.id == 1 ? local.a59 : []"},
		"behind or":          {chain(60, `["x"]`, "concat(@, @)"), "x.open.id == 1 || length(local.a59) == 1"},
		"loops":              {"", nest(3, "[for a# in range(1024) : @]", "1")},
		"loops in strings":   {"", `"` + nest(3, "%{for a# in range(1024)}@%{endfor}", "x") + `"`},
		"a loop over itself": {chain(20, "[1, 2]", "[for x in @ : [for y in @ : [x, y]]]"), "local.a19"},
		"depth":              {chain(6000, `"x"`, "@"), "local.a5999"},
		"levels":             {chain(600, `"x"`, "[@]"), "local.a599"},
		"call":               {"", `format("%999999999s", "x")`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, diags := within(t.Context(), t, c.locals, c.value)
			if len(diags) != 1 || !budget.Ended(diags) || diags[0].Subject == nil {
				t.Errorf("got %v", diags)
			}
		})
	}
}

// TestLinear: what is nested costs what it holds, not twice as much at each level,
// and comes out as it went in.
func TestLinear(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{
		"loops":                 nest(60, "[for a# in [1] : @]", "0"),
		"loops over each other": nest(40, "[for a in [1] : @]", "[for z in [a] : z]"),
		"maps":                  nest(60, "{ for a# in [\"k\"] : a# => @ }", "0"),
		"or":                    nest(60, `(x.a_open.id == "q" || @ == tobool("x"))`, "true"),
		"and":                   nest(60, `(x.a_open.id == "q" && @)`, "x.a_open.on"),
		"conditions":            nest(60, `(x.a_open.id == "q" ? @ : "n")`, `"y"`),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			comp, diags := within(t.Context(), t, "", strings.ReplaceAll(value, "a_open", "open"))
			if diags.HasErrors() {
				t.Fatal(diags)
			}
			var text strings.Builder
			for _, b := range comp.Blocks {
				text.WriteString(b.Code.String())
			}
			if !strings.Contains(text.String(), "value = "+value+"\n") {
				t.Errorf("it became\n%s", text.String())
			}
		})
	}
}

// TestChainOfInputs: what a terraform_data gives is what it is given, and a chain of
// them costs its length.
func TestChainOfInputs(t *testing.T) {
	t.Parallel()
	var src strings.Builder
	src.WriteString("resource \"terraform_data\" \"d0\" {\n  input = \"x\"\n}\n")
	for i := 1; i < 60; i++ {
		fmt.Fprintf(&src, "resource \"terraform_data\" \"d%d\" {\n  input = [terraform_data.d%d.output, terraform_data.d%d.output][0]\n}\n", i, i-1, i-1)
	}
	tmpl, diags := template.Load(fstest.MapFS{"main.tf": {Data: []byte(src.String())}}, "t", "t", nil)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	in := specialise.Input{Template: tmpl, Name: "a", Bound: map[string]specialise.Result{}, Exposed: map[string]string{}, Funcs: functions.Table(), Budget: budget.New(t.Context(), "the test")}
	if _, diags := specialise.Specialise(in); diags.HasErrors() {
		t.Error(diags)
	}
}

// TestEnds: a specialisation ends with its context. It is not parallel, for it looks
// at what the process uses.
func TestEnds(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	begin := cpu.Used()
	_, diags := within(ctx, t, "", nest(2, "[for a# in range(400) : @]", "1"))
	if len(diags) != 1 || diags[0].Summary != "Interrupted" {
		t.Errorf("got %v", diags)
	}
	if used := cpu.Since(begin); used > 5*time.Second {
		t.Errorf("it took %s of the processor", used)
	}
}
