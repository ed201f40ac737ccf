package blueprint

import (
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/lang"
)

// Condition returns a condition as Text does, without what includes and fixed options
// have decided: "" if it always holds. never says that it cannot hold.
func (b *Blueprint) Condition(x hclsyntax.Expression) (text string, never bool) {
	rest, holds := undecided(x)
	switch {
	case rest != nil:
		return b.Text(rest), false
	case x == nil || holds:
		return "", false
	}
	return "false", true
}

// undecided returns what is left of a condition, nil if it is decided.
func undecided(x hclsyntax.Expression) (rest hclsyntax.Expression, holds bool) {
	if x == nil {
		return nil, true
	}
	if len(lang.Variables(x)) == 0 {
		v, diags := budget.Constant(x)
		if !diags.HasErrors() && v.Type() == cty.Bool && v.IsKnown() && !v.IsNull() {
			return nil, v.True()
		}
		return x, false
	}
	switch x := x.(type) {
	case *hclsyntax.ParenthesesExpr:
		if rest, holds := undecided(x.Expression); rest == nil {
			return nil, holds
		}
	case *hclsyntax.BinaryOpExpr:
		if x.Op != hclsyntax.OpLogicalAnd && x.Op != hclsyntax.OpLogicalOr {
			return x, false
		}
		left, leftHolds := undecided(x.LHS)
		right, rightHolds := undecided(x.RHS)
		decides := x.Op == hclsyntax.OpLogicalOr // the value that decides the whole
		switch {
		case left == nil && leftHolds == decides, right == nil && rightHolds == decides:
			return nil, decides
		case left == nil:
			return right, false
		case right == nil:
			return left, false
		}
	}
	return x, false
}
