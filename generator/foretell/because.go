package foretell

import (
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/specialise"
)

// maxShown is how long a value may be that is shown.
const maxShown = 80

// Conjuncts returns the operands of && that an expression is made of, in order; of
// any other it is the only one.
func Conjuncts(x hclsyntax.Expression) []hclsyntax.Expression {
	switch x := x.(type) {
	case *hclsyntax.ParenthesesExpr:
		return Conjuncts(x.Expression)
	case *hclsyntax.BinaryOpExpr:
		if x.Op == hclsyntax.OpLogicalAnd {
			return append(Conjuncts(x.LHS), Conjuncts(x.RHS)...)
		}
	}
	return []hclsyntax.Expression{x}
}

// because says what the sides of the comparison are that makes a condition false.
func (p *plan) because(x hclsyntax.Expression) string {
	switch x := x.(type) {
	case *hclsyntax.BinaryOpExpr:
		left, right := p.shown(x.LHS), p.shown(x.RHS)
		if left == "" || right == "" || x.Op == hclsyntax.OpLogicalOr {
			return ""
		}
		return fmt.Sprintf("The left side is %s, the right side %s.", left, right)
	}
	return ""
}

// shown writes the value of an expression in words or as HCL, "" if that is long.
func (p *plan) shown(x hclsyntax.Expression) string {
	v := p.eval(x, nil)
	if !v.IsWhollyKnown() {
		return ""
	}
	if v.Type() == cty.String && !v.IsNull() && p.chosen[v.AsString()] {
		return "a string that the mock makes up"
	}
	if text := specialise.Literal(v); len(text) <= maxShown {
		return text
	}
	return ""
}

// open says what an expression rests on that is not known when planning.
func (p *plan) open(x hclsyntax.Expression) string {
	var names []string
	for _, ref := range lang.Variables(x) {
		if v := p.eval(&hclsyntax.ScopeTraversalExpr{Traversal: ref, SrcRange: ref.SourceRange()}, nil); v.IsWhollyKnown() {
			continue
		}
		if name := steps(ref); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// steps writes the steps of a reference up to the first index.
func steps(ref hcl.Traversal) string {
	name := ref.RootName()
	for _, step := range ref[1:] {
		a, ok := step.(hcl.TraverseAttr)
		if !ok {
			break
		}
		name += "." + a.Name
	}
	return name
}
