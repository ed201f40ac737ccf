package foretell

import (
	"fmt"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/specialise"
)

// maxShown is how long a value may be that is shown.
const maxShown = 80

// because says what the sides of the comparison are that makes a condition false.
func (p *plan) because(x hclsyntax.Expression) string {
	switch x := x.(type) {
	case *hclsyntax.ParenthesesExpr:
		return p.because(x.Expression)
	case *hclsyntax.BinaryOpExpr:
		if x.Op == hclsyntax.OpLogicalAnd {
			if no(p.eval(x.LHS, nil)) {
				return p.because(x.LHS)
			}
			return p.because(x.RHS)
		}
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
