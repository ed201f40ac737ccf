package specialise_test

import (
	"testing"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/specialise"
)

// evaluated returns what HCL makes of text.
func evaluated(t *testing.T, text string) cty.Value {
	t.Helper()
	x, diags := hclsyntax.ParseExpression([]byte(text), "", hcl.InitialPos)
	if diags.HasErrors() {
		t.Fatalf("%s: %v", text, diags)
	}
	v, diags := x.Value(nil)
	if diags.HasErrors() {
		t.Fatalf("%s: %v", text, diags)
	}
	return v
}

// FuzzQuote holds the escapes of a quoted string against HCL's own reading.
func FuzzQuote(f *testing.F) {
	for _, s := range []string{
		"", "a", `"`, `\`, "${", "%{", "$${", "%%{", "$$${", "$$$${", "%%%{", "$", "%", "$$", "$%{", "%${", "{", "${x}", "$${x}", "%{if true}", "\n", "\r\n", "\t", "\x00", "\x01\x1b\x7f",
		"é", "e\u0301", "\u00c5", "\u212b", "\u0085", "\u2028\u2029", "\ufeff", "\U0001F600", "\u200d", "\ud7ff", "\\u0041", "~}", "$\n{", "a${b}$", "<<EOT\nx\nEOT\n",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return // no file and no value of HCL holds it
		}
		want := cty.StringVal(s) // in the normal form, as every string of Terraform is
		if got := evaluated(t, specialise.Quote(want.AsString())); !got.RawEquals(want) {
			t.Errorf("Quote(%q) = %s, which means %q", want.AsString(), specialise.Quote(want.AsString()), got.AsString())
		}
	})
}
