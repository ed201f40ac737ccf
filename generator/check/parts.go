package check

import (
	"slices"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/diag"
)

// Parts warns about the parts of the roots of some blueprints that no blueprint of
// the catalog includes, and reports those of them that do not parse: nothing else
// reads them.
func Parts(cat *catalog.Catalog, blueprints []string) hcl.Diagnostics {
	parts := cat.Parts()
	if len(parts) == 0 {
		return nil
	}
	used, roots := map[string]bool{}, map[string]bool{}
	for _, name := range cat.Blueprints() {
		bp, _ := cat.Blueprint(name) // who checks it says what is wrong with it
		for _, file := range bp.FileNames() {
			used[file] = true
		}
		roots[cat.RootOf(name)] = roots[cat.RootOf(name)] || slices.Contains(blueprints, name)
	}
	var diags hcl.Diagnostics
	for _, p := range parts {
		if used[p.File] || !roots[p.Root] {
			continue
		}
		_, d := cat.PartFile(p)
		diags = append(diags, d...)
		at := hcl.Range{Filename: p.File, Start: hcl.InitialPos, End: hcl.InitialPos}
		diags = append(diags, diag.Warning(at, "Unused part", "No blueprint includes the part %q. Include it, or remove the file.", p.Name))
	}
	return diags
}
