package template_test

import (
	"math"
	"testing"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/bpgen/bpgen/generator/template"
)

// TestConvertNumbers holds that numbers become the strings that the library makes
// of them, those with a way of their own and the others.
func TestConvertNumbers(t *testing.T) {
	t.Parallel()
	v := &template.Variable{Type: cty.String, Nullable: true}
	for _, n := range []cty.Value{
		cty.Zero, cty.MustParseNumberVal("-0"), cty.NumberIntVal(1), cty.NumberIntVal(-80), cty.NumberIntVal(math.MaxInt64), cty.NumberIntVal(math.MinInt64),
		cty.MustParseNumberVal("9223372036854775808"), cty.MustParseNumberVal("1e40"), cty.NumberFloatVal(1.5), cty.MustParseNumberVal("0.1"), cty.PositiveInfinity,
		cty.NumberIntVal(7).Mark("secret"), cty.NullVal(cty.Number), cty.UnknownVal(cty.Number),
	} {
		want, err := convert.Convert(n, cty.String)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := v.Convert(n); err != nil || !got.RawEquals(want) {
			t.Errorf("%#v becomes %#v, want %#v (%v)", n, got, want, err)
		}
	}
}
