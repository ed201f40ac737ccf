package provider_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/matrix"
	"github.com/bpgen/bpgen/generator/resolve"
)

// wire turns a plain value of an option into one that Terraform would send.
func wire(t testing.TB, v cty.Value) tftypes.Value {
	t.Helper()
	switch {
	case v.Type() == cty.String:
		return str(v.AsString())
	case v.Type() == cty.Bool:
		return yes(v.True())
	case v.Type() == cty.Number:
		return tftypes.NewValue(tftypes.Number, v.AsBigFloat())
	}
	t.Fatalf("%#v", v)
	return tftypes.Value{}
}

// rows hold each value of a built-in blueprint's options, or with
// BPGEN_ACC_MATRIX=pairs each pair of values.
func rows(t testing.TB, bp *blueprint.Blueprint) []matrix.Row {
	t.Helper()
	axes, allowed := matrix.Axes(resolve.Options(bp), nil), matrix.Allowed(bp, resolve.Options(bp))
	out, _ := matrix.Each(axes, allowed)
	switch {
	case os.Getenv("BPGEN_ACC_MATRIX") != "":
		out, _ = matrix.Pairwise(axes, allowed)
	case testing.Short():
		out = out[:2] // under the race detector a row takes ten times as long
	}
	if len(out) < 2 {
		t.Fatalf("only %d rows", len(out))
	}
	return out
}

// TestFilesAreThoseOfRender holds that files of data sources and of the function
// render are, byte for byte, what the generator makes of the same options, in
// every row of the matrix. The reference goes no way that the provider
// goes: inputs as text behind --set, no cache, a catalogue of its own.
func TestFilesAreThoseOfRender(t *testing.T) {
	t.Parallel()
	s := start(t, "")
	if d := s.configure(t, nil); len(d) > 0 {
		t.Fatal(said(d))
	}
	cat, _ := catalog.New(builtIn())
	for _, name := range cat.Blueprints() {
		bp, _ := cat.Blueprint(name)
		typ := "bpgen_" + tfName(name)
		for i, row := range rows(t, bp) {
			for _, layout := range []link.Layout{link.Flat, link.Nested} {
				if layout == link.Nested && i%3 != 0 {
					continue // the layout goes with every option alike
				}
				t.Run(fmt.Sprintf("%s/%02d/%s", name, i, layout), func(t *testing.T) {
					var inputs []resolve.Input
					given, chosen := map[string]tftypes.Value{"layout": str(string(layout))}, map[string]tftypes.Value{}
					for option, v := range row {
						inputs = append(inputs, resolve.Input{Name: option, Raw: resolve.Show(v), Source: "--set"})
						given[option], chosen[option] = wire(t, v), wire(t, v)
					}
					want, diags := generator.Generate(t.Context(), generator.Request{Catalog: cat, Blueprint: name, Inputs: inputs, Layout: layout})
					if diags.HasErrors() {
						t.Fatal(diags)
					}
					if d := s.validate(t, typ, given); len(d) > 0 {
						t.Error(said(d))
					}
					got, d := s.read(t, typ, given)
					if got == nil || len(d) != len(diags) {
						t.Fatalf("%s\nbut the generator says %v", said(d), diags)
					}
					equal(t, "data source", fields(t, got["files"]), want)
					result, fault := s.call(t, "render", str(name), obj(chosen), obj(map[string]tftypes.Value{"layout": str(string(layout))}))
					if fault != nil {
						t.Fatal(fault.Text)
					}
					equal(t, "function", fields(t, fields(t, result)["files"]), want)
				})
			}
		}
	}
}

func equal(t *testing.T, what string, files map[string]tftypes.Value, want generator.Result) {
	t.Helper()
	if len(files) != want.Files.Len() || len(files) == 0 {
		t.Errorf("%s: %d files, want %d", what, len(files), want.Files.Len())
	}
	for _, f := range want.Files.Files() {
		if got := text(t, files[f.Path]); got != string(f.Bytes) {
			t.Errorf("%s: %s differs", what, f.Path)
		}
	}
}

func tfName(blueprint string) string {
	b := []byte(blueprint)
	for i, c := range b {
		if c == '-' {
			b[i] = '_'
		}
	}
	return string(b)
}
