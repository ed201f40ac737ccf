package options_test

import (
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/provider/options"
)

func object(kv map[string]attr.Value) types.Object {
	kinds := map[string]attr.Type{}
	for k, v := range kv {
		kinds[k] = v.Type(nil) //nolint:staticcheck // Values of the framework do not look at it.
	}
	return types.ObjectValueMust(kinds, kv)
}

func TestRead(t *testing.T) {
	t.Parallel()
	limits := object(map[string]attr.Value{"cpu": types.NumberValue(big.NewFloat(0.5)), "memory": types.NumberNull()})
	tests := map[string]struct {
		value   attr.Value
		want    string // name=value
		at      string // of each
		unknown string
		fail    string
	}{
		"nothing":         {value: types.DynamicNull()},
		"nil":             {value: nil},
		"a null object":   {value: types.DynamicValue(types.ObjectNull(nil))},
		"all is unknown":  {value: types.DynamicUnknown(), unknown: "options"},
		"of a known type": {value: types.DynamicValue(types.ObjectUnknown(map[string]attr.Type{})), unknown: "options"},
		"an object": {
			value: types.DynamicValue(object(map[string]attr.Value{"cdn": types.BoolValue(true), "zones": types.NumberValue(big.NewFloat(3)), "note": types.StringNull()})),
			want:  "cdn=cty.True zones=cty.NumberIntVal(3)", at: "options.cdn options.zones",
		},
		"a map": {
			value: types.MapValueMust(types.StringType, map[string]attr.Value{"cdn": types.StringValue("true")}),
			want:  `cdn=cty.StringVal("true")`, at: `options["cdn"]`,
		},
		"one is unknown": {
			value: object(map[string]attr.Value{"cdn": types.BoolUnknown(), "zones": types.NumberValue(big.NewFloat(2))}),
			want:  "cdn=cty.UnknownVal(cty.Bool) zones=cty.NumberIntVal(2)", at: "options.cdn options.zones", unknown: "options.cdn",
		},
		"deep inside is unknown": {
			value: object(map[string]attr.Value{"limits": object(map[string]attr.Value{"cpu": types.NumberUnknown()})}),
			want:  `limits=cty.ObjectVal(map[string]cty.Value{"cpu":cty.UnknownVal(cty.Number)})`, at: "options.limits", unknown: "options.limits",
		},
		"dynamic in an object": {
			value: object(map[string]attr.Value{"any": types.DynamicValue(types.StringValue("x")), "no": types.DynamicNull(), "later": types.DynamicUnknown()}),
			want:  `any=cty.StringVal("x") later=cty.DynamicVal`, at: "options.any options.later", unknown: "options.later",
		},
		"lists and nested objects": {
			value: object(map[string]attr.Value{
				"limits": limits,
				"rules":  types.TupleValueMust([]attr.Type{types.StringType, types.BoolType}, []attr.Value{types.StringValue("a"), types.BoolValue(false)}),
			}),
			want: `limits=cty.ObjectVal(map[string]cty.Value{"cpu":cty.NumberFloatVal(0.5), "memory":cty.NullVal(cty.Number)}) rules=cty.TupleVal([]cty.Value{cty.StringVal("a"), cty.False})`,
			at:   "options.limits options.rules",
		},
		"a string": {value: types.DynamicValue(types.StringValue("cdn=true")), fail: "Options must be an object, such as { cdn = false }, but this is of type string."},
		"a list":   {value: types.ListValueMust(types.StringType, nil), fail: "Options must be an object, such as { cdn = false }, but this is of type list of string."},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g, diags := options.Read(t.Context(), tt.value, path.Root("options"))
			if tt.fail != "" {
				if len(diags) != 1 || !strings.HasPrefix(diags[0].Detail(), tt.fail) {
					t.Errorf("got %v", diags)
				}
				return
			}
			if diags.HasError() {
				t.Fatal(diags)
			}
			var got, at, unknown []string
			for _, in := range g.Inputs {
				got = append(got, in.Name+"="+in.Value.GoString())
				at = append(at, g.Places[*in.Range].String())
			}
			for _, p := range g.Unknown {
				unknown = append(unknown, p.String())
			}
			if s := strings.Join(got, " "); s != tt.want {
				t.Errorf("got  %s\nwant %s", s, tt.want)
			}
			if s := strings.Join(at, " "); s != tt.at {
				t.Errorf("places: got %s, want %s", s, tt.at)
			}
			if s := strings.Join(unknown, " "); s != tt.unknown || g.Known() != (tt.unknown == "") {
				t.Errorf("unknown: got %s, want %s", s, tt.unknown)
			}
		})
	}
}

// TestValueKeepsNumbers holds that no digit is lost on the way.
func TestValueKeepsNumbers(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"0", "3", "-7", "0.5", "9007199254740993", "123456789012345678901234567890"} {
		f, _, err := big.ParseFloat(text, 10, 512, big.ToNearestEven)
		if err != nil {
			t.Fatal(err)
		}
		got, err := options.Value(t.Context(), types.NumberValue(f))
		if err != nil {
			t.Fatal(err)
		}
		if want := cty.MustParseNumberVal(text); !got.RawEquals(want) {
			t.Errorf("%s became %#v", text, got)
		}
	}
}

// TestAdd holds that a Given that was not read grows as well.
func TestAdd(t *testing.T) {
	t.Parallel()
	var g options.Given
	g.Add(t.Context(), "cdn", types.BoolValue(false), path.Root("cdn"))
	g.Add(t.Context(), "waf", types.BoolNull(), path.Root("waf"))
	if len(g.Inputs) != 1 || !g.Known() || !slices.Equal(g.Places[*g.Inputs[0].Range].Steps(), path.Root("cdn").Steps()) {
		t.Errorf("got %#v", g)
	}
}
