package resolve

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/diag"
)

// Literal returns the value of an expression that writes a value down: literals,
// lists, objects, minus in front of a number, and strings without interpolations.
// Anything else is an error, however constant: who gives an option says a value,
// and runs no program. Whether its numbers are sane is for the caller to ask.
func Literal(x hclsyntax.Expression) (cty.Value, hcl.Diagnostics) {
	if bad := notLiteral(x); bad != nil {
		return cty.DynamicVal, hcl.Diagnostics{diag.Error(bad.Range(), "Not a literal", "%s", "Write a literal value: a string, a number, true, false, null, or a list or an object of these.")}
	}
	return x.Value(nil)
}

// notLiteral returns the first part of an expression that is more than a literal.
func notLiteral(x hclsyntax.Expression) hclsyntax.Expression {
	switch x := x.(type) {
	case *hclsyntax.LiteralValueExpr:
		return nil
	case *hclsyntax.ParenthesesExpr:
		return notLiteral(x.Expression)
	case *hclsyntax.UnaryOpExpr:
		if n, ok := x.Val.(*hclsyntax.LiteralValueExpr); ok && x.Op == hclsyntax.OpNegate && n.Val.Type() == cty.Number {
			return notLiteral(n)
		}
	case *hclsyntax.TemplateExpr:
		for _, p := range x.Parts {
			if l, ok := p.(*hclsyntax.LiteralValueExpr); !ok || l.Val.Type() != cty.String {
				return p
			}
		}
		return nil
	case *hclsyntax.TupleConsExpr:
		return firstOf(x.Exprs)
	case *hclsyntax.ObjectConsExpr:
		for _, item := range x.Items {
			if bad := firstOf([]hclsyntax.Expression{item.KeyExpr, item.ValueExpr}); bad != nil {
				return bad
			}
		}
		return nil
	case *hclsyntax.ObjectConsKeyExpr:
		if hcl.ExprAsKeyword(x.Wrapped) != "" && !x.ForceNonLiteral {
			return nil
		}
		if l, ok := x.Wrapped.(*hclsyntax.LiteralValueExpr); ok && !budget.Sane(l.Val) {
			return x // it would be written out
		}
		return notLiteral(x.Wrapped)
	}
	return x
}

// firstOf returns the first part of some expressions that is more than a literal.
func firstOf(xs []hclsyntax.Expression) hclsyntax.Expression {
	for _, x := range xs {
		if bad := notLiteral(x); bad != nil {
			return bad
		}
	}
	return nil
}
