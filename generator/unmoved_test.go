package generator_test

import (
	"maps"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/bpgen/bpgen/generator"
	"github.com/bpgen/bpgen/generator/internal/golden"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/matrix"
	"github.com/bpgen/bpgen/generator/resolve"
)

// TestPlanUnmoved holds the address of every object that a built-in blueprint can
// make. Terraform destroys what is at an address that a newer rendering no longer has:
// who takes one out of the golden file gives its template a moved block.
func TestPlanUnmoved(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("takes minutes under the race detector: run without -short")
	}
	cat := builtIn(t)
	session := generator.NewSession(cat)
	for _, name := range cat.Blueprints() {
		bp, diags := cat.Blueprint(name)
		if diags.HasErrors() {
			t.Fatal(diags)
		}
		options := resolve.Options(bp)
		rows, _ := matrix.Pairwise(matrix.Axes(options, nil), matrix.Allowed(bp, options))
		made := map[string]bool{}
		for _, row := range rows {
			res, diags := session.Generate(t.Context(), generator.Request{Blueprint: name, Inputs: inputs(row), Layout: link.Flat, Draft: true})
			if diags.HasErrors() {
				t.Fatalf("%s: %v", sample{name, row}, diags)
			}
			for _, r := range res.Module.Rename {
				if r.Flat != "" && !strings.HasPrefix(r.Flat, "data.") {
					made[r.Flat] = true
				}
			}
		}
		text := strings.Join(slices.Sorted(maps.Keys(made)), "\n") + "\n"
		golden.File(t, path.Join("testdata", "unmoved", name+".golden"), []byte(text))
	}
}
