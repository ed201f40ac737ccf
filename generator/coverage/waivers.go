package coverage

import (
	"fmt"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/catalog"
	"github.com/bpgen/bpgen/generator/diag"
)

// A waiver says why an entry of the notes is not honoured.
type waiver struct {
	id, reason string
	rng        hcl.Range
}

// readWaivers reads the waivers of the catalog. What is not in order is
// reported.
func readWaivers(cat *catalog.Catalog) ([]waiver, hcl.Diagnostics) {
	files, diags := cat.Waivers()
	var out []waiver
	seen := map[string]hcl.Range{}
	for _, f := range files {
		body, ok := f.Body.(*hclsyntax.Body)
		if !ok {
			continue
		}
		for _, a := range body.Attributes {
			diags = append(diags, diag.Error(a.NameRange, "Argument outside a block", "The file may contain only blocks waiver \"<id>\" { reason = \"...\" }."))
		}
		for _, b := range body.Blocks {
			w, d := parseWaiver(b)
			if diags = append(diags, d...); d.HasErrors() {
				continue
			}
			if first, twice := seen[w.id]; twice {
				diags = append(diags, diag.Error(w.rng, "Duplicate waiver", "The entry %q is already waived at %s. Remove one of the two.", w.id, place(first)))
				continue
			}
			seen[w.id] = w.rng
			out = append(out, w)
		}
	}
	return out, diags
}

func parseWaiver(b *hclsyntax.Block) (waiver, hcl.Diagnostics) {
	w := waiver{rng: b.DefRange()}
	if b.Type != "waiver" || len(b.Labels) != 1 {
		return w, hcl.Diagnostics{diag.Error(w.rng, "Not a waiver", "The file may contain only blocks waiver \"<id>\" { reason = \"...\" }.")}
	}
	w.id = b.Labels[0]
	var diags hcl.Diagnostics
	for _, a := range b.Body.Attributes {
		if a.Name != "reason" {
			diags = append(diags, diag.Error(a.NameRange, "Unknown argument", "The only argument of a waiver is \"reason\"."))
			continue
		}
		v, d := budget.Constant(a.Expr)
		diags = append(diags, d...)
		if !d.HasErrors() && v.Type() == cty.String && v.IsKnown() && !v.IsNull() {
			w.reason = strings.TrimSpace(v.AsString())
		}
	}
	for _, inner := range b.Body.Blocks {
		diags = append(diags, diag.Error(inner.DefRange(), "Unknown block", "A waiver cannot contain blocks."))
	}
	if w.reason == "" && !diags.HasErrors() {
		diags = append(diags, diag.Error(w.rng, "Waiver without a reason", "Say why the entry %q does not apply: reason = \"...\".", w.id))
	}
	return w, diags
}

func place(rng hcl.Range) string { return fmt.Sprintf("%s:%d", rng.Filename, rng.Start.Line) }
