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
	Visit(x, func(n hclsyntax.Node) {
		p, ok := n.(*hclsyntax.ParenthesesExpr)
		found = found || ok && Elsewhere(p)
	})
	return found
}

type substitution func(hcl.Traversal) (hclsyntax.Expression, int)

// expr returns an expression with its references replaced.
func (s substitution) expr(x hclsyntax.Expression) hclsyntax.Expression {
	if ref, ok := x.(*hclsyntax.ScopeTraversalExpr); ok {
		return s.reference(ref)
	}
	parts(x, func(part *hclsyntax.Expression) bool { *part = s.expr(*part); return true })
	return x
}

// Larger says whether an expression has more than so many nodes. It looks at no more
// than that: what Substitute puts in at many places is one tree in memory, and as
// many as there are places to whoever walks over it.
func Larger(x hclsyntax.Expression, than int) bool { return count(x, than) > than }

func count(x hclsyntax.Expression, most int) int {
	n := 1
	parts(x, func(part *hclsyntax.Expression) bool {
		n += count(*part, most-n)
		return n <= most
	})
	return n
}

// parts calls do for each expression that one is made of, until it returns false.
func parts(x hclsyntax.Expression, do func(*hclsyntax.Expression) bool) {
	var all []*hclsyntax.Expression
	add := func(xs ...*hclsyntax.Expression) {
		for _, x := range xs {
			if *x != nil {
				all = append(all, x)
			}
		}
	}
	list := func(xs []hclsyntax.Expression) {
		for i := range xs {
			add(&xs[i])
		}
	}
	switch x := x.(type) {
	case *hclsyntax.RelativeTraversalExpr:
		add(&x.Source)
	case *hclsyntax.FunctionCallExpr:
		list(x.Args)
	case *hclsyntax.ConditionalExpr:
		add(&x.Condition, &x.TrueResult, &x.FalseResult)
	case *hclsyntax.IndexExpr:
		add(&x.Collection, &x.Key)
	case *hclsyntax.TupleConsExpr:
		list(x.Exprs)
	case *hclsyntax.ObjectConsExpr:
		for i := range x.Items {
			add(&x.Items[i].KeyExpr, &x.Items[i].ValueExpr)
		}
	case *hclsyntax.ObjectConsKeyExpr:
		if _, name := x.Wrapped.(*hclsyntax.ScopeTraversalExpr); !name || x.ForceNonLiteral {
			add(&x.Wrapped)
		}
	case *hclsyntax.ForExpr:
		add(&x.CollExpr, &x.KeyExpr, &x.ValExpr, &x.CondExpr)
	case *hclsyntax.SplatExpr:
		add(&x.Source, &x.Each)
	case *hclsyntax.BinaryOpExpr:
		add(&x.LHS, &x.RHS)
	case *hclsyntax.UnaryOpExpr:
		add(&x.Val)
	case *hclsyntax.TemplateExpr:
		list(x.Parts)
	case *hclsyntax.TemplateJoinExpr:
		add(&x.Tuple)
	case *hclsyntax.TemplateWrapExpr:
		add(&x.Wrapped)
	case *hclsyntax.ParenthesesExpr:
		add(&x.Expression)
	}
	for _, part := range all {
		if !do(part) {
			return
		}
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
