package budget_test

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/functions"
)

func expression(t *testing.T, src string) hclsyntax.Expression {
	t.Helper()
	x, diags := hclsyntax.ParseExpression([]byte(src), "x.hcl", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatalf("%s: %v", src, diags)
	}
	return x
}

// nested returns n loops over a list, one in the other.
func nested(n int, list, body string) string {
	for i := range n {
		body = fmt.Sprintf("[for a%d in %s : %s]", i, list, body)
	}
	return body
}

// TestBombs: what needs more than the budget is refused, with words that say so,
// and without making it.
func TestBombs(t *testing.T) {
	wide := "[" + strings.Repeat("0,", 1000) + "]"
	laughs := "a: &a [x,x,x,x,x,x,x,x,x]\\n"
	for c := 'b'; c < 'j'; c++ {
		laughs += fmt.Sprintf("%c: &%c [%s*%c]\\n", c, c, strings.Repeat(fmt.Sprintf("*%c,", c-1), 8), c-1)
	}
	cases := map[string]struct{ src, want string }{
		"loops":              {nested(3, "range(1024)", "1"), "more than"},
		"loops over lists":   {nested(3, wide, "0"), "more than"},
		"directives":         {`"%{for a in range(1024)}%{for b in range(1024)}%{for c in range(1024)}x%{endfor}%{endfor}%{endfor}"`, "more than"},
		"caught":             {"[for a in range(1024) : try(" + nested(3, "range(1024)", "1") + ", 0)]", "more than"},
		"caught in a row":    {strings.Repeat("try(", 60) + `tobool("x")` + strings.Repeat(", false)", 60), "more than"},
		"objects":            {"{ for a in range(1024) : a => " + nested(2, "range(1024)", "1") + " }", "more than"},
		"setproduct":         {"setproduct(range(1024), range(1024), range(1024))", "more than"},
		"width":              {`format("%1000000000s", "a")`, "more than"},
		"precision":          {`format("%.1000000000f", 1)`, "more than"},
		"width of all":       {`formatlist("%100000s", range(1024))`, "more than"},
		"indentation":        {`indent(1000000000, "a\nb")`, "more than"},
		"replacement":        {`replace(join("", [for a in range(1024) : "aaaaaaaaaa"]), "a", join("", [for a in range(1024) : "aaaaaaaaaa"]))`, "more than"},
		"pattern":            {`replace(join("", [for a in range(1024) : "aaaaaaaaaa"]), "/a*?(b|$)/", "$1$1")`, "more than"},
		"separator":          {`join(join("", [for a in range(1024) : "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"]), range(1024))`, "more than"},
		"quotes":             {strings.Repeat("jsonencode(", 60) + `"\""` + strings.Repeat(")", 60), "more than"},
		"aliases":            {`yamldecode("` + laughs + `")`, "more than"},
		"brackets in a text": {`jsondecode(join("", [for a in range(1024) : "[[[[[[[["]))`, "more than"},
		"matches":            {`regexall("", join("", [for a in range(1024) : "aaaaaaaaaaaaaaaaaaaaaaaaaaa"]))`, "more than"},
		"number":             {`"${1e999999}"`, "thousand digits"},
		"product":            {strings.Repeat("1e1000 * ", 10) + "1", "thousand digits"},
		"remainder":          {`1e999999 % 7`, "thousand digits"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			b := budget.New(t.Context(), "the test")
			_, diags := b.Evaluate(expression(t, c.src), &hcl.EvalContext{Functions: functions.Table()})
			runtime.ReadMemStats(&after)
			if len(diags) != 1 || !strings.Contains(diags[0].Detail, c.want) || !budget.Ended(diags) {
				t.Errorf("got %v", diags)
			}
			if made := after.TotalAlloc - before.TotalAlloc; made > 1<<30 {
				t.Errorf("it made %d MiB on the way", made>>20)
			}
			if _, again := b.Evaluate(expression(t, "1"), nil); len(again) != 1 || again[0] != diags[0] {
				t.Errorf("afterwards it says %v", again)
			}
		})
	}
}

// TestWithin: what fits is what hcl itself makes of it, errors and all.
func TestWithin(t *testing.T) {
	t.Parallel()
	ctx := &hcl.EvalContext{
		Functions: functions.Table(),
		Variables: map[string]cty.Value{
			"open": cty.UnknownVal(cty.String), "any": cty.DynamicVal, "none": cty.NullVal(cty.String), "secret": cty.StringVal("s").Mark(functions.Sensitive),
			"list": cty.ListVal([]cty.Value{cty.StringVal("a"), cty.StringVal("b")}), "object": cty.ObjectVal(map[string]cty.Value{"a": cty.NumberIntVal(1)}),
		},
	}
	for _, src := range []string{
		`1 + 2 * 3`, `"a${1}b%{ if true }c%{ endif }"`, `[for k, v in list : "${k}${v}" if v != "a"]`, `{ for v in list : v => upper(v)... }`, `{ (list[0]) = 1, b = 2 }`,
		`list[*]`, `object.a`, `object.b`, `[object][*].a`, `(list)[1]`, `-object.a`, `!true`, `try(object.b, "none")`, `can(object.b)`, `try([for v in none : v], [])`,
		`upper(open)`, `length(any)`, `upper(secret)`, `length(open)`, `coalesce(none, "x")`, `join(",", concat(list, ["c"]))`, `format("%5.2f|%-4s|%s", 1.5, "a", secret)`,
		`jsondecode("{\"a\": [1, null]}")`, `yamldecode("a: &x [1]\nb: *x\n")`, `replace("aXb", "/[A-Z]/", "-$0-")`, `regexall("[a-z]", "a1b2")`, `1 / 0`, `upper()`, `upper(1, 2)`, `nope(1)`,
		`lookup(object, "b", 3)`, `setproduct(list, [1, 2])`, `distinct(concat(list, list))`, `toset(list)`, `any.x.y`, `tonumber("x")`, `missing`, `1e300`,
		"<<E\n%{ for v in list ~}\n${v}\n%{ endfor ~}\nE\n",
	} {
		x := expression(t, src)
		want, wantDiags := x.Value(ctx)
		got, gotDiags := budget.New(context.Background(), "the test").Evaluate(x, ctx)
		if !want.RawEquals(got) {
			t.Errorf("%s: %#v, not %#v", src, got, want)
		}
		if fmt.Sprint(wantDiags) != fmt.Sprint(gotDiags) {
			t.Errorf("%s: %v, not %v", src, gotDiags, wantDiags)
		}
	}
}

// TestInterrupted: an evaluation ends with its context.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	b := budget.New(ctx, "the test")
	x := expression(t, nested(2, "range(300)", "1"))
	scope := &hcl.EvalContext{Functions: functions.Table()}
	if _, diags := b.Part("the test").Evaluate(x, scope); diags.HasErrors() {
		t.Fatalf("it is too large for any test: %v", diags)
	}
	cancel()
	_, diags := b.Evaluate(x, scope)
	if len(diags) != 1 || diags[0].Extra != any(budget.Stopped{Interrupted: true}) {
		t.Errorf("got %v", diags)
	}
	if b.Interrupted() == nil || b.Fault() == nil {
		t.Error("a loop would go on")
	}
}

// TestPool: parts spend together, so that many of them are bounded as well.
func TestPool(t *testing.T) {
	t.Parallel()
	all := budget.New(t.Context(), "the test")
	scope := &hcl.EvalContext{Functions: functions.Table()}
	x := expression(t, nested(2, "range(300)", "1"))
	for i := range 100 {
		if _, diags := all.Part(fmt.Sprintf("part %d", i)).Evaluate(x, scope); diags.HasErrors() {
			if i < 2 {
				t.Errorf("part %d: %v", i, diags)
			}
			return
		}
	}
	t.Error("a hundred parts have spent a hundred budgets")
}

func TestSane(t *testing.T) {
	t.Parallel()
	for src, want := range map[string]bool{
		"1": true, "1e300": true, "-1e-300": true, `"1e999999"`: true, "null": true, "[1, { a = 2 }]": true,
		"1e9999": false, "1e-9999": false, "[{ a = 1e99999 }]": false, "1e999999999": false,
	} {
		v, diags := expression(t, src).Value(nil)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		if budget.Sane(v) != want {
			t.Errorf("%s: %t", src, !want)
		}
	}
}
