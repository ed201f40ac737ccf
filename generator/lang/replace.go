package lang

import (
	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// Substitute puts other expressions in the place of references: with returns what
// stands for the first steps of a reference and how many steps these are, or nil
// to leave it alone. The tree is changed where it stands, so it must be the
// caller's own.
//
// What is put in is wrapped in parentheses that have the range of the reference,
// so that the text around it is still that of the source. Elsewhere says of such
// parentheses that their content was written at another place.
func Substitute(body *hclsyntax.Body, with func(hcl.Traversal) (hclsyntax.Expression, int)) {
	s := substitution(with)
	for _, a := range body.Attributes {
		a.Expr = s.expr(a.Expr)
	}
	for _, b := range body.Blocks {
		Substitute(b.Body, with)
	}
}

// SubstituteIn is Substitute for one expression, which it returns.
func SubstituteIn(x hclsyntax.Expression, with func(hcl.Traversal) (hclsyntax.Expression, int)) hclsyntax.Expression {
	return substitution(with).expr(x)
}

// Elsewhere says whether the content of parentheses was put there by Substitute.
func Elsewhere(p *hclsyntax.ParenthesesExpr) bool {
	in, out := p.Expression.Range(), p.SrcRange
	return in.Filename != out.Filename || in.Start.Byte < out.Start.Byte || in.End.Byte > out.End.Byte
}

// Holds says whether anything in an expression was put there by Substitute.
func Holds(x hclsyntax.Expression) bool {
	found := false
	_ = hclsyntax.VisitAll(x, func(n hclsyntax.Node) hcl.Diagnostics {
		p, ok := n.(*hclsyntax.ParenthesesExpr)
		found = found || ok && Elsewhere(p)
		return nil
	})
	return found
}

type substitution func(hcl.Traversal) (hclsyntax.Expression, int)

// expr returns an expression with its references replaced.
func (s substitution) expr(x hclsyntax.Expression) hclsyntax.Expression {
	switch x := x.(type) {
	case *hclsyntax.ScopeTraversalExpr:
		return s.reference(x)
	case *hclsyntax.RelativeTraversalExpr:
		x.Source = s.expr(x.Source)
	case *hclsyntax.FunctionCallExpr:
		s.all(x.Args)
	case *hclsyntax.ConditionalExpr:
		x.Condition, x.TrueResult, x.FalseResult = s.expr(x.Condition), s.expr(x.TrueResult), s.expr(x.FalseResult)
	case *hclsyntax.IndexExpr:
		x.Collection, x.Key = s.expr(x.Collection), s.expr(x.Key)
	case *hclsyntax.TupleConsExpr:
		s.all(x.Exprs)
	case *hclsyntax.ObjectConsExpr:
		for i := range x.Items {
			x.Items[i].KeyExpr, x.Items[i].ValueExpr = s.expr(x.Items[i].KeyExpr), s.expr(x.Items[i].ValueExpr)
		}
	case *hclsyntax.ObjectConsKeyExpr:
		if _, name := x.Wrapped.(*hclsyntax.ScopeTraversalExpr); !name || x.ForceNonLiteral {
			x.Wrapped = s.expr(x.Wrapped)
		}
	case *hclsyntax.ForExpr:
		x.CollExpr = s.expr(x.CollExpr)
		if x.KeyExpr != nil {
			x.KeyExpr = s.expr(x.KeyExpr)
		}
		x.ValExpr = s.expr(x.ValExpr)
		if x.CondExpr != nil {
			x.CondExpr = s.expr(x.CondExpr)
		}
	case *hclsyntax.SplatExpr:
		x.Source, x.Each = s.expr(x.Source), s.expr(x.Each)
	case *hclsyntax.BinaryOpExpr:
		x.LHS, x.RHS = s.expr(x.LHS), s.expr(x.RHS)
	case *hclsyntax.UnaryOpExpr:
		x.Val = s.expr(x.Val)
	case *hclsyntax.TemplateExpr:
		s.all(x.Parts)
	case *hclsyntax.TemplateJoinExpr:
		x.Tuple = s.expr(x.Tuple)
	case *hclsyntax.TemplateWrapExpr:
		x.Wrapped = s.expr(x.Wrapped)
	case *hclsyntax.ParenthesesExpr:
		x.Expression = s.expr(x.Expression)
	}
	return x
}

func (s substitution) all(xs []hclsyntax.Expression) {
	for i := range xs {
		xs[i] = s.expr(xs[i])
	}
}

func (s substitution) reference(x *hclsyntax.ScopeTraversalExpr) hclsyntax.Expression {
	put, n := s(x.Traversal)
	if put == nil {
		return x
	}
	rng := hcl.RangeBetween(x.Traversal[0].SourceRange(), x.Traversal[n-1].SourceRange())
	p := &hclsyntax.ParenthesesExpr{Expression: put, SrcRange: rng}
	if n == len(x.Traversal) {
		return p
	}
	return &hclsyntax.RelativeTraversalExpr{Source: p, Traversal: x.Traversal[n:], SrcRange: x.SrcRange}
}
