package render

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/hashicorp/hcl/v2/hclwrite"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/blueprint"
	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/cite"
	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/memo"
	"github.com/bpgen/bpgen/generator/resolve"
	"github.com/bpgen/bpgen/generator/secret"
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
func (r *renderer) values(given []blueprint.ProfileValue, lookup cite.Lookup) []value {
	var out []value
	for _, g := range given {
		if !slices.ContainsFunc(r.Module.Variables, func(v link.Variable) bool { return v.Name == g.Name }) {
			continue
		}
		tokens := r.asWritten(g.Expr)
		if tokens == nil {
			v, diags := r.evaluate(g.Expr)
			r.diags = append(r.diags, diags...)
			if diags.HasErrors() {
				continue
			}
			v, _ = v.UnmarkDeep()
			if !v.IsWhollyKnown() {
				r.diags = append(r.diags, diag.Error(g.Range, "Value is unknown", "The value of %q must be known when the module is rendered.", g.Name))
				continue
			}
			tokens = hclwrite.TokensForValue(v)
		}
		out = append(out, value{name: g.Name, expr: tokens, comment: cite.Comment(g.Comment, lookup)})
	}
	return out
}

// exposed returns an error for every value of a sensitive variable, and for every
// value that is marked as sensitive: they would stand in the files. In the example,
// which the shipped tests run on, one may stand in for a secret if it says so.
func (r *renderer) exposed(given []blueprint.ProfileValue, where string, example bool) hcl.Diagnostics {
	var out hcl.Diagnostics
	for _, g := range given {
		i := slices.IndexFunc(r.Module.Variables, func(v link.Variable) bool { return v.Name == g.Name })
		if i < 0 {
			continue
		}
		v, diags := r.evaluate(g.Expr)
		if diags.HasErrors() || !secret.Bears(v) || !r.Module.Variables[i].Sensitive && !v.ContainsMarked() || example && secret.Placeholder(v) {
			continue
		}
		d := secret.Error(g.Range, "Sensitive variable with a value", "The variable %q is sensitive, but %s gives it a value. %s %s", g.Name, where, secret.Where, secret.Mend)
		if example {
			d.Detail = fmt.Sprintf("The variable %q is sensitive, and its value in the example could be a real one. Use a value that is clearly fake, with the word example in it.", g.Name)
		}
		out = append(out, d)
	}
	return out
}

// An evaluator evaluates the expressions of a blueprint, each once.
type evaluator struct {
	budget *budget.Budget
	scope  func() *hcl.EvalContext
	known  memo.Map[hclsyntax.Expression, evaluated]
}

type evaluated struct {
	value cty.Value
	diags hcl.Diagnostics
}

func newEvaluator(in Input) *evaluator {
	e := &evaluator{budget: in.Budget, scope: sync.OnceValue(func() *hcl.EvalContext { return resolve.Scope(in.Choices) })}
	if e.budget == nil {
		e.budget = budget.New(context.Background(), "the blueprint")
	}
	return e
}

// evaluate returns the value of an expression over options.
func (e *evaluator) evaluate(x hclsyntax.Expression) (cty.Value, hcl.Diagnostics) {
	r := e.known.Get(x, func() (r evaluated) {
		r.value, r.diags = e.budget.Evaluate(x, e.scope())
		return r
	})
	return r.value, r.diags
}

// asWritten returns the tokens of a constant expression, or nil when it has to
// be evaluated.
func (r *renderer) asWritten(expr hclsyntax.Expression) hclwrite.Tokens {
	if len(lang.Variables(expr)) > 0 {
		return nil
	}
	calls := false
	lang.Visit(expr, func(node hclsyntax.Node) {
		_, call := node.(*hclsyntax.FunctionCallExpr)
		calls = calls || call
	})
	if rng := expr.Range(); !calls && !lang.Holds(expr) && rng.CanSliceBytes(r.Blueprint.Bytes(rng)) {
		return parseTokens(rng.SliceBytes(r.Blueprint.Bytes(rng)))
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
	r.diags = append(r.diags, r.exposed(r.Blueprint.Example.Values, "the example", true)...)
	values := r.values(r.Blueprint.Example.Values, r.cited(""))
	for _, v := range r.Module.Variables {
		given := slices.ContainsFunc(r.Blueprint.Example.Values, func(g blueprint.ProfileValue) bool { return g.Name == v.Name })
		if v.Required && !given {
			r.diags = append(r.diags, diag.Error(r.Blueprint.Example.Range, "Missing example value",
				"The rendered module requires the variable %q, but the example of the blueprint has no value for it. Add one to its values, or give the variable a default.", v.Name))
		}
	}
	return values
}
