package generator_test

import (
	"bytes"
	"maps"
	"regexp"
	"slices"
	"testing"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/matrix"
	"github.com/bpgen/bpgen/generator/resolve"
)

// TestEveryOptionHasAReader: each value of each option changes some file, besides the
// lines that list the options.
func TestEveryOptionHasAReader(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("-short: it renders one after the other")
	}
	cat := builtIn(t)
	session := generator.NewSession(cat)
	read := func(s sample) map[string][]byte {
		res, diags := session.Generate(t.Context(), generator.Request{Blueprint: s.blueprint, Inputs: inputs(s.row)})
		if diags.HasErrors() {
			t.Fatalf("%s: %v", s, diags)
		}
		out := map[string][]byte{}
		for _, f := range res.Files.Files() {
			switch f.Path {
			case ".bpgen/manifest.json":
			case "README.md":
				out[f.Path] = lists.ReplaceAll(f.Bytes, nil)
			default:
				out[f.Path] = f.Bytes
			}
		}
		return out
	}
	same := func(a, b map[string][]byte) bool { return maps.EqualFunc(a, b, bytes.Equal) }
	values := 0
	for _, name := range cat.Blueprints() {
		for _, v := range optionValues(t, cat, name) {
			values++
			if !slices.ContainsFunc(v.pairs, func(p [2]sample) bool { return !same(read(p[0]), read(p[1])) }) {
				t.Errorf("%s: %s changes nothing in %d rows", name, v.name, len(v.pairs))
			}
		}
	}
	if values < 50 {
		t.Errorf("only %d values were looked at", values)
	}
}

// lists are the lines of a README that name all options, and the command that chose
// them.
var lists = regexp.MustCompile("(?m)^(\\| `\\w+` \\||bpgen render ).*\n")

// An optionValue is a value of an option with pairs of rows that differ in it alone.
type optionValue struct {
	name  string
	pairs [][2]sample
}

// optionValues are all values of a blueprint's options but the defaults.
func optionValues(t *testing.T, cat *catalog.Catalog, blueprint string) []optionValue {
	t.Helper()
	bp, diags := cat.Blueprint(blueprint)
	if diags.HasErrors() {
		t.Fatal(diags)
	}
	axes, allowed := matrix.Axes(resolve.Options(bp), nil), matrix.Allowed(bp, resolve.Options(bp))
	rows, _ := matrix.Pairwise(axes, allowed)
	var out []optionValue
	for _, a := range axes {
		for _, v := range a.Values[1:] {
			value := optionValue{name: a.Name + " = " + resolve.Show(v)}
			for _, row := range rows {
				for _, other := range a.Values {
					this, twin := maps.Clone(row), maps.Clone(row)
					this[a.Name], twin[a.Name] = v, other
					if !other.RawEquals(v) && allowed(this) && allowed(twin) {
						value.pairs = append(value.pairs, [2]sample{{blueprint, this}, {blueprint, twin}})
						break
					}
				}
			}
			out = append(out, value)
		}
	}
	return out
}
