package diag_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
	"github.com/zclconf/go-cty/cty/function/stdlib"

	"github.com/bpgen/bpgen/generator/diag"
)

func sample() (map[string]*hcl.File, hcl.Diagnostics) {
	src := []byte("a = 1\nb = wrong\n")
	at := hcl.Range{Filename: "x.hcl", Start: hcl.Pos{Line: 2, Column: 5, Byte: 10}, End: hcl.Pos{Line: 2, Column: 10, Byte: 15}}
	first := hcl.Range{Filename: "x.hcl", Start: hcl.Pos{Line: 1, Column: 1}, End: hcl.Pos{Line: 1, Column: 2, Byte: 1}}
	return map[string]*hcl.File{"x.hcl": {Bytes: src}}, hcl.Diagnostics{
		diag.Error(at, "Second", "It is wrong."),
		diag.Warning(first, "First", "It is odd."),
		diag.Error(at, "Second", "It is wrong."),
	}
}

func TestPrint(t *testing.T) {
	t.Parallel()
	sources, diags := sample()
	var b strings.Builder
	if err := diag.Print(&b, sources, diags, 80, nil); err != nil {
		t.Fatal(err)
	}
	want := "Warning: First\n\n  on x.hcl line 1:\n   1: a = 1\n\nIt is odd.\n\n" +
		"Error: Second\n\n  on x.hcl line 2:\n   2: b = wrong\n\nIt is wrong.\n\n"
	if b.String() != want {
		t.Errorf("got %q\nwant %q", b.String(), want)
	}
	b.Reset()
	paint := func(code, text string) string { return "<" + code + ">" + text + "</>" }
	if err := diag.Print(&b, nil, diags, 0, paint); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), "<31>Error</>: Second") || !strings.Contains(b.String(), "source code not available") {
		t.Errorf("got %q", b.String())
	}
}

func TestPrintCutsLongLines(t *testing.T) {
	t.Parallel()
	src := "a = 1\n" + strings.Repeat("[", 50_000) + "wrong" + strings.Repeat("]", 50_000) + "\n"
	at := strings.Index(src, "wrong")
	rng := hcl.Range{Filename: "x.hcl", Start: hcl.Pos{Line: 2, Byte: at}, End: hcl.Pos{Line: 2, Byte: at + len("wrong")}}
	whole := hcl.Range{Filename: "x.hcl", Start: hcl.Pos{Line: 2, Byte: 6}, End: hcl.Pos{Line: 2, Byte: len(src) - 1}}
	var b strings.Builder
	diags := hcl.Diagnostics{diag.Error(rng, "One", "d"), diag.Error(whole, "Two", "%s", strings.Repeat("é", 100_000)+" is wrong")}
	if err := diag.Print(&b, map[string]*hcl.File{"x.hcl": {Bytes: []byte(src)}}, diags, 80, nil); err != nil {
		t.Fatal(err)
	}
	if got := b.String(); len(got) > 8000 || !strings.Contains(got, "   2: ...[[[") || !strings.Contains(got, "[[wrong]]") || !strings.Contains(got, "is wrong") {
		t.Errorf("got %d bytes: %.300q", len(got), got)
	}
}

// TestPrintMany: of many diagnostics the errors come first, the rest is counted,
// and the cost is that of their number, not of its square. Reading the file once
// for each would be 20,000 times 600 kB.
func TestPrintMany(t *testing.T) {
	t.Parallel()
	var src strings.Builder
	var diags hcl.Diagnostics
	for i := range 20_000 {
		from := hcl.Pos{Line: i + 1, Column: 1, Byte: src.Len()}
		fmt.Fprintf(&src, "line number %d = wrong wrong\n", i)
		rng := hcl.Range{Filename: "x.hcl", Start: from, End: hcl.Pos{Line: i + 1, Column: 5, Byte: from.Byte + 4}}
		if i%2 == 0 {
			diags = append(diags, diag.Error(rng, "Wrong", "%d", i))
		} else {
			diags = append(diags, diag.Warning(rng, "Odd", "%d", i))
		}
	}
	sources := map[string]*hcl.File{"x.hcl": {Bytes: []byte(src.String())}}
	var b strings.Builder
	if err := diag.Print(&b, sources, diags, 0, nil); err != nil {
		t.Fatal(err)
	}
	got := b.String()
	if n := strings.Count(got, "on x.hcl line"); n != diag.Most || strings.Contains(got, "Warning") || !strings.HasSuffix(got, "\n... and 19950 more: 9950 errors and 10000 warnings.\n\n") {
		t.Errorf("%d are shown, and the end is %q", n, got[len(got)-100:])
	}
	if !strings.Contains(got, "  99: line number 98 = wrong wrong\n") {
		t.Error("the fiftieth error is not shown")
	}
	b.Reset()
	if err := diag.Print(&b, sources, diags[:3], 0, nil); err != nil || strings.Contains(b.String(), "more") {
		t.Errorf("%v: %s", err, b.String())
	}
	if n := len(diag.JSON(diags)); n != len(diags) {
		t.Errorf("JSON holds %d", n)
	}
}

// TestPrintContext: the lines around are shown, but not a whole file, and
// variables with their values in short.
func TestPrintContext(t *testing.T) {
	t.Parallel()
	src := []byte("a {\n\n" + strings.Repeat("  b {\n  }\n", 15) + "}\n")
	file, diags := hclsyntax.ParseConfig(src, "x.hcl", hcl.InitialPos)
	expr, more := hclsyntax.ParseExpression([]byte("x.y[0] == z || s"), "x.hcl", hcl.InitialPos)
	if diags.HasErrors() || more.HasErrors() {
		t.Fatal(diags, more)
	}
	whole := hcl.Range{Filename: "x.hcl", Start: hcl.InitialPos, End: hcl.Pos{Line: 33, Column: 2, Byte: len(src)}}
	d := diag.Error(hcl.Range{Filename: "x.hcl", Start: hcl.InitialPos, End: hcl.Pos{Line: 1, Column: 2, Byte: 1}}, "Wrong", "d")
	d.Context, d.Expression = &whole, expr
	d.EvalContext = &hcl.EvalContext{Variables: map[string]cty.Value{
		"x": cty.ObjectVal(map[string]cty.Value{"y": cty.TupleVal([]cty.Value{cty.StringVal(strings.Repeat("v", 1000))})}),
		"z": cty.NullVal(cty.String), "s": cty.StringVal("hunter2").Mark("secret"),
	}}
	var b strings.Builder
	if err := diag.Print(&b, map[string]*hcl.File{"x.hcl": file}, hcl.Diagnostics{d}, 0, nil); err != nil {
		t.Fatal(err)
	}
	want := "  on x.hcl line 1, in a:\n   1: a {\n" + "   3:   b {\n"
	if got := b.String(); !strings.Contains(got, want) || strings.Count(got, "b {") != 10 || !strings.Contains(got, "      ...\n\nwith x.y[0] as \"vvv") ||
		!strings.Contains(got, "vvv...\",\n     z set to null.\n\nd\n") || strings.Contains(got, "hunter2") {
		t.Errorf("got %q", got)
	}
}

// TestReadyHidesStacks: what cty says of a panic of its own is a sentence (L3).
func TestReadyHidesStacks(t *testing.T) {
	t.Parallel()
	for _, src := range []string{"log(-1, 0)", `indent(-1, "a\nb")`, "1e999999999 % 7"} {
		expr, diags := hclsyntax.ParseExpression([]byte(src), "x.hcl", hcl.InitialPos)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		_, diags = expr.Value(&hcl.EvalContext{Functions: map[string]function.Function{"log": stdlib.LogFunc, "indent": stdlib.IndentFunc}})
		if !strings.Contains(diags.Error(), "goroutine") {
			t.Errorf("%s: cty does not panic any more: %v", src, diags)
		}
		text, err := json.Marshal(diag.JSON(diags))
		if err != nil {
			t.Fatal(err)
		}
		if got := string(text); strings.Contains(got, "goroutine") || strings.Contains(got, ".go:") || !strings.Contains(got, "it cannot handle these values.") {
			t.Errorf("%s: %s", src, got)
		}
	}
}

// TestNearest: names of another length are not looked at, and the same ones are
// found as by looking at all.
func TestNearest(t *testing.T) {
	t.Parallel()
	names := []string{"database", "database_engine", "cdn", "größe", "zone", "ZONES"}
	for in, want := range map[string][]string{
		"databse": {"database"}, "zones": {"ZONES", "zone"}, "cdn_": {"cdn"}, "engine": {"database_engine"}, "größ": {"größe"}, "grösse": {"größe"},
		"nothing_like_it": nil, strings.Repeat("database", 1000): nil,
	} {
		if got := diag.Nearest(in, names); !slices.Equal(got, want) {
			t.Errorf("%.20s: got %q, want %q", in, got, want)
		}
	}
	many := make([]string, 500)
	for i := range many {
		many[i] = fmt.Sprintf("option%04d", i)
	}
	if got := diag.DidYouMean("qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq", many); got != "None of the 500 that exist has a similar name." {
		t.Errorf("got %q", got)
	}
}

func TestJSON(t *testing.T) {
	t.Parallel()
	_, diags := sample()
	b, err := json.Marshal(diag.JSON(diags))
	if err != nil {
		t.Fatal(err)
	}
	want := `[{"severity":"warning","summary":"First","detail":"It is odd.","range":{"filename":"x.hcl","start":{"line":1,"column":1,"byte":0},"end":{"line":1,"column":2,"byte":1}}},` +
		`{"severity":"error","summary":"Second","detail":"It is wrong.","range":{"filename":"x.hcl","start":{"line":2,"column":5,"byte":10},"end":{"line":2,"column":10,"byte":15}}}]`
	if string(b) != want {
		t.Errorf("got  %s\nwant %s", b, want)
	}
	if b, _ := json.Marshal(diag.JSON(nil)); string(b) != "[]" {
		t.Errorf("no diagnostics: %s", b)
	}
}
