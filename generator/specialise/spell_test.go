package specialise

import (
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/functions"
)

// TestSpelled holds the text of constants that keep their type against what HCL
// makes of it.
func TestSpelled(t *testing.T) {
	s, n := cty.StringVal, cty.NumberIntVal
	inner := cty.Object(map[string]cty.Type{"p": cty.String})
	object := func(h, l cty.Value) cty.Value { return cty.ObjectVal(map[string]cty.Value{"h": h, "l": l}) }
	given, list := cty.ObjectVal(map[string]cty.Value{"p": s("x")}), cty.ListVal([]cty.Value{s("q")})
	noObject, noList := cty.NullVal(inner), cty.NullVal(cty.List(cty.String))
	big, _ := cty.ParseNumberVal("123456789012345678901234567890.123456789")
	tests := []struct {
		v           cty.Value
		text, short string // for a consumer that sees the type, and for one that sees the members
		vague       bool   // there is no text of just this value
	}{
		{v: s("a"), text: `"a"`},
		{v: big, text: `123456789012345678901234567890.123456789`},
		{v: cty.NullVal(cty.String), text: `tostring(null)`},
		{v: cty.NullVal(cty.DynamicPseudoType), text: `null`},
		{v: noList, text: `false ? tolist([""]) : null`},
		{v: noObject, text: `false ? { p = "" } : null`},
		{v: list, text: `tolist(["q"])`, short: `["q"]`},
		{v: cty.SetVal([]cty.Value{n(2), n(1)}), text: `toset([1, 2])`},
		{v: cty.MapVal(map[string]cty.Value{"a": n(1), "for": n(2)}), text: `tomap({ a = 1, "for" = 2 })`, short: `{ a = 1, "for" = 2 }`},
		{v: cty.TupleVal([]cty.Value{list, n(1)}), text: `[tolist(["q"]), 1]`},
		{v: cty.ListVal([]cty.Value{s("q"), cty.NullVal(cty.String)}), text: `tolist(["q", null])`, short: `["q", tostring(null)]`},
		{v: cty.ListVal([]cty.Value{cty.MapValEmpty(cty.String), cty.MapVal(map[string]cty.Value{"k": s("v")})}), text: `tolist([{}, { k = "v" }])`, short: `tolist([{}, { k = "v" }])`},
		{v: cty.ListVal([]cty.Value{object(given, noList), object(noObject, list)}),
			text:  `tolist([{ h = { p = "x" }, l = tolist(null) }, { h = false ? { p = "" } : null, l = tolist(["q"]) }])`,
			short: "[\n{ h = { p = \"x\" }, l = false ? tolist([\"\"]) : null },\n{ h = false ? { p = \"\" } : null, l = tolist([\"q\"]) },\n]"},
		{v: cty.MapVal(map[string]cty.Value{"x": cty.ListVal([]cty.Value{object(given, noList), object(noObject, list)}), "y": cty.ListValEmpty(cty.Object(map[string]cty.Type{"h": inner, "l": cty.List(cty.String)}))}),
			text: "tomap({\nx = tolist([\n{ h = { p = \"x\" }, l = tolist(null) },\n{ h = false ? { p = \"\" } : null, l = tolist([\"q\"]) },\n])\ny = (false ? tolist([{ h = { p = \"\" }, l = tolist([\"\"]) }]) : [])\n})"},
		{v: cty.ListVal([]cty.Value{cty.ListValEmpty(cty.String)}), text: `tolist([tolist([])])`, vague: true},
		{v: cty.ListValEmpty(cty.String), text: `tolist([])`, short: `[]`, vague: true},
		{v: cty.MapValEmpty(cty.Number), text: `tomap({})`, short: `{}`, vague: true},
	}
	for _, c := range tests {
		if c.short == "" {
			c.short = c.text
		}
		if got := spelled(c.v, exactly); squeezed(got) != squeezed(c.text) {
			t.Errorf("%#v\n got %s\nwant %s", c.v, got, c.text)
		}
		if got := spelled(c.v, members); got != c.short {
			t.Errorf("the members of %#v\n got %s\nwant %s", c.v, got, c.short)
		}
		if got := knownResult(c.v).vague(); got != c.vague {
			t.Errorf("%#v: vague is %t", c.v, got)
		}
		if got := meant(t, spelled(c.v, exactly)); !c.vague && !got.RawEquals(c.v) {
			t.Errorf("%s is %#v, want %#v", c.text, got, c.v)
		}
	}
	for _, typ := range []cty.Type{cty.List(cty.String), cty.Map(cty.List(cty.Number)), cty.List(inner)} {
		if got := meant(t, emptyOf(typ)); !got.Type().Equals(typ) || got.IsNull() || got.LengthInt() != 0 {
			t.Errorf("%s is %#v, want an empty %#v", emptyOf(typ), got, typ)
		}
	}
}

func meant(t *testing.T, text string) cty.Value {
	t.Helper()
	x, diags := hclsyntax.ParseExpression([]byte(text), "", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatalf("%s: %v", text, diags)
	}
	v, diags := x.Value(&hcl.EvalContext{Functions: functions.Table()})
	if diags.HasErrors() {
		t.Fatalf("%s: %v", text, diags)
	}
	return v
}

// squeezed takes the line ends out of a literal that is too long for one line.
func squeezed(text string) string {
	tokens, _ := hclsyntax.LexExpression([]byte(text), "", hcl.InitialPos)
	out := ""
	for i, tok := range tokens {
		comma := i+2 < len(tokens) && tok.Type == hclsyntax.TokenComma && tokens[i+2].Type == hclsyntax.TokenCBrack
		if tok.Type != hclsyntax.TokenNewline && !comma {
			out += string(tok.Bytes)
		}
	}
	return out
}
