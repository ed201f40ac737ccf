package budget

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/bpgen/bpgen/generator/diag"
)

// Text returns the value of an argument that must be a string without names, "" for
// nil.
func (b *Budget) Text(a *hclsyntax.Attribute) (string, hcl.Diagnostics) {
	if a == nil {
		return "", nil
	}
	v, diags := b.Constant(a.Expr)
	if diags.HasErrors() {
		return "", diags
	}
	if !v.IsKnown() || v.IsNull() || v.Type() != cty.String {
		return "", append(diags, diag.Error(a.Expr.Range(), "Wrong type", "%s must be a string.", a.Name))
	}
	return v.AsString(), diags
}

// Texts returns the value of an argument that must be a list of strings without
// names, and nothing for nil.
func (b *Budget) Texts(a *hclsyntax.Attribute) ([]string, hcl.Diagnostics) {
	if a == nil {
		return nil, nil
	}
	v, diags := b.Constant(a.Expr)
	if diags.HasErrors() {
		return nil, diags
	}
	list, err := convert.Convert(v, cty.List(cty.String))
	if err != nil || !list.IsKnown() || list.IsNull() {
		return nil, append(diags, diag.Error(a.Expr.Range(), "Wrong type", "%s must be a list of strings.", a.Name))
	}
	var out []string
	for _, e := range list.AsValueSlice() {
		if !e.IsKnown() || e.IsNull() {
			diags = append(diags, diag.Error(a.Expr.Range(), "Wrong type", "%s contains a null.", a.Name))
			continue
		}
		out = append(out, e.AsString())
	}
	return out, diags
}
