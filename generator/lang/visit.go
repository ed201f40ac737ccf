package lang

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Visit calls do for a node and for all that is below it, from the outside in, in
// the order of hclsyntax.VisitAll. It makes nothing on the way, where that makes a
// function for each node; walks over syntax are much of what a render allocates.
// Lists of attributes and of blocks, and the scopes of loops, are no nodes to it.
func Visit(n hclsyntax.Node, do func(hclsyntax.Node)) {
	v := &visitor{do: do}
	v.below = func(x hclsyntax.Expression) { v.visit(x) }
	v.visit(n)
}

// A visitor visits nodes.
type visitor struct {
	do    func(hclsyntax.Node)
	below func(hclsyntax.Expression) // visits; made once
}

func (v *visitor) visit(n hclsyntax.Node) {
	v.do(n)
	switch n := n.(type) {
	case *hclsyntax.Body:
		for _, a := range n.Attributes {
			v.visit(a)
		}
		for _, b := range n.Blocks {
			v.visit(b)
		}
	case *hclsyntax.Block:
		v.visit(n.Body)
	case *hclsyntax.Attribute:
		v.visit(n.Expr)
	case *hclsyntax.ForExpr:
		for _, x := range []hclsyntax.Expression{n.CollExpr, n.KeyExpr, n.ValExpr, n.CondExpr} {
			if x != nil {
				v.visit(x)
			}
		}
	case hclsyntax.Expression:
		if !operands(n, v.below) {
			v.unknown(n)
		}
	}
}

// unknown visits what is below a node that this package does not know.
func (v *visitor) unknown(n hclsyntax.Node) {
	first := true
	_ = hclsyntax.VisitAll(n, func(below hclsyntax.Node) hcl.Diagnostics {
		if !first {
			v.do(below)
		}
		first = false
		return nil
	})
}

// Variables returns the references in an expression, as its own method does.
func Variables(x hclsyntax.Expression) []hcl.Traversal {
	switch x := x.(type) {
	case *hclsyntax.LiteralValueExpr:
		return nil
	case *hclsyntax.ScopeTraversalExpr:
		return []hcl.Traversal{x.Traversal}
	}
	w := newWalker(nil)
	w.expression(x)
	return w.found
}

// expression collects the references of an expression.
func (w *walker) expression(x hclsyntax.Expression) {
	switch x := x.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		_ = w.Enter(x)
	case *hclsyntax.ForExpr:
		w.expression(x.CollExpr)
		outer := len(w.bound)
		for _, name := range []string{x.KeyVar, x.ValVar} {
			if name != "" {
				w.bound = append(w.bound, name)
			}
		}
		for _, part := range []hclsyntax.Expression{x.KeyExpr, x.ValExpr, x.CondExpr} {
			if part != nil {
				w.expression(part)
			}
		}
		w.bound = w.bound[:outer]
	default:
		if !operands(x, w.below) {
			_ = hclsyntax.Walk(x, w)
		}
	}
}

// operands calls do for each part of an expression that binds no names. It reports
// false for an expression that it does not know.
func operands(x hclsyntax.Expression, do func(hclsyntax.Expression)) bool {
	switch x := x.(type) {
	case *hclsyntax.LiteralValueExpr, *hclsyntax.ScopeTraversalExpr, *hclsyntax.AnonSymbolExpr, *hclsyntax.ExprSyntaxError:
	case *hclsyntax.ParenthesesExpr:
		do(x.Expression)
	case *hclsyntax.RelativeTraversalExpr:
		do(x.Source)
	case *hclsyntax.FunctionCallExpr:
		for _, arg := range x.Args {
			do(arg)
		}
	case *hclsyntax.ConditionalExpr:
		do(x.Condition)
		do(x.TrueResult)
		do(x.FalseResult)
	case *hclsyntax.IndexExpr:
		do(x.Collection)
		do(x.Key)
	case *hclsyntax.TupleConsExpr:
		for _, member := range x.Exprs {
			do(member)
		}
	case *hclsyntax.ObjectConsExpr:
		for _, item := range x.Items {
			do(item.KeyExpr)
			do(item.ValueExpr)
		}
	case *hclsyntax.ObjectConsKeyExpr:
		// A name alone is the key itself.
		if t, ok := x.Wrapped.(*hclsyntax.ScopeTraversalExpr); ok && len(t.Traversal) > 1 || !ok && hcl.ExprAsKeyword(x.Wrapped) == "" {
			do(x.Wrapped)
		}
	case *hclsyntax.SplatExpr:
		do(x.Source)
		do(x.Each)
	case *hclsyntax.TemplateExpr:
		for _, part := range x.Parts {
			do(part)
		}
	case *hclsyntax.TemplateJoinExpr:
		do(x.Tuple)
	case *hclsyntax.TemplateWrapExpr:
		do(x.Wrapped)
	case *hclsyntax.BinaryOpExpr:
		do(x.LHS)
		do(x.RHS)
	case *hclsyntax.UnaryOpExpr:
		do(x.Val)
	default:
		return false
	}
	return true
}
