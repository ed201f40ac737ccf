package render

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/cite"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/resolve"
)

// A value is one variable of the module with the value to give it.
type value struct {
	name    string
	expr    hclwrite.Tokens
	comment string // with its citations in words
}

// values returns those values whose variable the module has. An expression
// that needs options or functions is evaluated, since a tfvars file can hold
// neither; all others stay as they were written.
func (r *renderer) values(given []blueprint.ProfileValue) []value {
	var out []value
	for _, g := range given {
		if !slices.ContainsFunc(r.Module.Variables, func(v link.Variable) bool { return v.Name == g.Name }) {
			continue
		}
		tokens := r.asWritten(g.Expr)
		if tokens == nil {
			v, diags := g.Expr.Value(resolve.Scope(r.Choices))
			r.diags = append(r.diags, diags...)
			if diags.HasErrors() {
				continue
			}
			v, _ = v.UnmarkDeep()
			if !v.IsWhollyKnown() {
				r.diags = append(r.diags, diag.Error(g.Range, "Value not known", "The value of %q must be known when the module is rendered.", g.Name))
				continue
			}
			tokens = hclwrite.TokensForValue(v)
		}
		out = append(out, value{name: g.Name, expr: tokens, comment: cite.Comment(g.Comment, r.cite)})
	}
	return out
}

// asWritten returns the tokens of a constant expression, or nil when it has to
// be evaluated.
func (r *renderer) asWritten(expr hclsyntax.Expression) hclwrite.Tokens {
	if r.Blueprint.File == nil || len(expr.Variables()) > 0 {
		return nil
	}
	calls := false
	_ = hclsyntax.VisitAll(expr, func(node hclsyntax.Node) hcl.Diagnostics {
		_, call := node.(*hclsyntax.FunctionCallExpr)
		calls = calls || call
		return nil
	})
	if rng := expr.Range(); !calls && rng.CanSliceBytes(r.Blueprint.File.Bytes) {
		return r.written(expr, rng.SliceBytes(r.Blueprint.File.Bytes))
	}
	return nil
}

// exampleValues returns the values of the blueprint's example. A required
// variable that has none is an error: what is made of them, the complete
// example and the tests, would not work.
func (r *renderer) exampleValues() []value {
	if r.Blueprint.Example == nil {
		return nil
	}
	values := r.values(r.Blueprint.Example.Values)
	for _, v := range r.Module.Variables {
		given := slices.ContainsFunc(r.Blueprint.Example.Values, func(g blueprint.ProfileValue) bool { return g.Name == v.Name })
		if v.Required && !given {
			r.diags = append(r.diags, diag.Error(r.Blueprint.Example.Range, "Missing example value",
				"The rendered module requires the variable %q, but the example of the blueprint has no value for it. Add one to its values, or give the variable a default.", v.Name))
		}
	}
	return values
}
