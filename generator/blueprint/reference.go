package blueprint

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/lang"
)

// Linked returns the outputs of components that the blueprint refers to, as
// component.output.
func (b *Blueprint) Linked() map[string]bool {
	out := map[string]bool{}
	add := func(x hclsyntax.Expression) {
		for _, ref := range lang.Variables(x) {
			if ref.RootName() == "component" {
				out[Step(ref, 1)+"."+Step(ref, 2)] = true
			}
		}
	}
	for _, c := range b.Components {
		for _, a := range c.With {
			add(a.Expr)
		}
	}
	for _, o := range b.Outputs {
		add(o.Value)
	}
	return out
}

// Step returns the name that the i-th step of a reference takes, such as the
// option's in option.name and in option["name"]; "" without one.
func Step(ref hcl.Traversal, i int) string {
	if i >= len(ref) {
		return ""
	}
	switch s := ref[i].(type) {
	case hcl.TraverseAttr:
		return s.Name
	case hcl.TraverseIndex:
		if s.Key.Type() == cty.String && s.Key.IsKnown() && !s.Key.IsNull() {
			return s.Key.AsString()
		}
	}
	return ""
}
