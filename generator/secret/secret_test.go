package secret_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/functions"
	"github.com/bpgen/bpgen/generator/secret"
)

func TestBears(t *testing.T) {
	t.Parallel()
	s := cty.StringVal
	object := func(v cty.Value) cty.Value {
		return cty.ObjectVal(map[string]cty.Value{"a": cty.ListVal([]cty.Value{v})})
	}
	for name, tt := range map[string]struct {
		v           cty.Value
		bears, sign bool
	}{
		"nothing":             {cty.NilVal, false, true},
		"null":                {cty.NullVal(cty.String), false, true},
		"unknown":             {cty.UnknownVal(cty.String), false, true},
		"empty":               {s(""), false, true},
		"an empty list":       {cty.ListValEmpty(cty.String), false, true},
		"a truth value":       {cty.True, false, true},
		"a text":              {s("hunter2"), true, false},
		"a marked text":       {s("hunter2").Mark(functions.Sensitive), true, false},
		"a number":            {cty.NumberIntVal(4711), true, false},
		"a text within":       {object(s("hunter2")), true, false},
		"a guess":             {s("k"), false, false},
		"a port":              {cty.NumberIntVal(443), false, false},
		"nothing within":      {object(s("")), false, true},
		"a key":               {cty.MapVal(map[string]cty.Value{"token": cty.ListVal([]cty.Value{s("")})}), true, false},
		"a placeholder":       {s("onlyAnExample"), true, true},
		"an ARN of a secret":  {s("arn:aws:secretsmanager:eu-west-1:123456789012:secret:a-b"), false, false},
		"one of a parameter":  {s("arn:aws-us-gov:ssm:us-gov-west-1:123456789012:parameter/a"), false, false},
		"one of a role":       {s("arn:aws:iam::123456789012:role/a"), true, false},
		"words after one":     {s("arn:aws:ssm:eu-west-1:123456789012:parameter/a hunter2"), true, false},
		"one and a last line": {s("arn:aws:ssm:eu-west-1:123456789012:parameter/a\nhunter2"), true, false},
	} {
		if got := secret.Bears(tt.v); got != tt.bears {
			t.Errorf("%s: bears %v", name, got)
		}
		if got := secret.Placeholder(tt.v); got != tt.sign {
			t.Errorf("%s: placeholder %v", name, got)
		}
	}
}

func TestMask(t *testing.T) {
	t.Parallel()
	var m secret.Mask
	if d := (hcl.Diagnostics{{Detail: "x"}}); !m.Empty() || m.Diagnostics(d)[0] != d[0] {
		t.Error("an empty mask hides something")
	}
	m.Value(cty.ObjectVal(map[string]cty.Value{"a": cty.StringVal("pass\"word\nsecond line"), "b": cty.NumberIntVal(471100), "c": cty.StringVal("abc")}))
	m.Word("pass")
	for text, want := range map[string]string{
		`is pass"word`:                    "is (not shown)",
		`is "pass\"word\nsecond line" so`: `is "(not shown)" so`,
		"is second line, 471100 and abc":  "is (not shown), (not shown) and abc",
		"by passing":                      "by (not shown)ing",
	} {
		if got := m.Text(text); got != want {
			t.Errorf("%s: got %s", text, got)
		}
	}
	d := m.Diagnostics(hcl.Diagnostics{{Summary: "471100", Detail: "471100", EvalContext: &hcl.EvalContext{}, Subject: &hcl.Range{Filename: "f"}}})[0]
	if strings.Contains(d.Summary+d.Detail, "4711") || d.EvalContext != nil || d.Subject == nil {
		t.Errorf("got %+v", d)
	}
	src := []byte("a = 471100\nb = \"x\"\n")
	m.Ranges(hcl.Range{Filename: "f", Start: hcl.Pos{Byte: 14}, End: hcl.Pos{Byte: 19}}, hcl.Range{Filename: "f", Start: hcl.Pos{Byte: 3}, End: hcl.Pos{Byte: 9000}})
	in := map[string]*hcl.File{"f": {Bytes: src}, "g": {Bytes: []byte("plain")}, "h": nil}
	out := m.Sources(in)
	if got := string(out["f"].Bytes); got != "a = ******\nb =****\n" {
		t.Errorf("got %q", got)
	}
	if out["g"] != in["g"] || string(src) != "a = 471100\nb = \"x\"\n" {
		t.Error("something else changed")
	}
}
