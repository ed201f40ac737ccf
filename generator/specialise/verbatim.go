package specialise

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// verbatim returns the text of x with its references replaced and nothing
// folded, for what must stay as it is written.
func (ev *evaluator) verbatim(x hclsyntax.Expression, s *scope) Result {
	w := &replacer{ev: ev, s: s, moved: map[int]bool{}}
	hclsyntax.Walk(x, w)
	if w.bad.Err != nil {
		return w.bad
	}
	out := residual(ev.sources.splice(x.Range(), w.pieces), strength(x), cty.DynamicPseudoType, len(w.pieces) > 0)
	out.Sensitive = w.sensitive
	return out
}

// strength returns how strongly the outermost operator of x binds.
func strength(x hclsyntax.Expression) int {
	switch x := x.(type) {
	case *hclsyntax.ConditionalExpr:
		return precConditional
	case *hclsyntax.BinaryOpExpr:
		return binaryPrec(x.Op)
	case *hclsyntax.UnaryOpExpr:
		return precUnary
	case *hclsyntax.SplatExpr:
		return precSplat
	}
	return precTerm
}

// A replacer collects the new text of references while an expression is walked.
type replacer struct {
	ev        *evaluator
	s         *scope
	local     []map[string]struct{} // names that the expression itself binds
	moved     map[int]bool          // starts of path.module that the text behind it speaks for
	pieces    []piece
	sensitive bool
	bad       Result
}

// Enter implements hclsyntax.Walker.
func (w *replacer) Enter(n hclsyntax.Node) hcl.Diagnostics {
	switch n := n.(type) {
	case hclsyntax.ChildScope:
		w.local = append(w.local, n.LocalNames)
	case *hclsyntax.TemplateExpr:
		w.template(n)
	case *hclsyntax.ScopeTraversalExpr:
		w.reference(n)
	}
	return nil
}

// Exit implements hclsyntax.Walker.
func (w *replacer) Exit(n hclsyntax.Node) hcl.Diagnostics {
	if _, ok := n.(hclsyntax.ChildScope); ok {
		w.local = w.local[:len(w.local)-1]
	}
	return nil
}

// template moves the file that a template names behind path.module.
func (w *replacer) template(t *hclsyntax.TemplateExpr) {
	for i, p := range t.Parts {
		if i+1 == len(t.Parts) || !w.ev.isModulePath(p) {
			continue
		}
		l, ok := t.Parts[i+1].(*hclsyntax.LiteralValueExpr)
		if !ok || l.Val.Type() != cty.String {
			continue
		}
		if text, ok := w.ev.modulePath.literal(l.Val.AsString()); ok {
			w.moved[p.Range().Start.Byte] = true
			w.pieces = append(w.pieces, piece{l.Range(), escapeQuoted(text)})
		}
	}
}

func (w *replacer) reference(e *hclsyntax.ScopeTraversalExpr) {
	ref := e.Traversal
	if w.bad.Err != nil || w.moved[e.Range().Start.Byte] || slices.ContainsFunc(w.local, func(names map[string]struct{}) bool { _, ok := names[ref.RootName()]; return ok }) {
		return
	}
	r, bound := w.s.lookup(ref.RootName())
	n := 1
	if !bound {
		r, n = w.ev.root(ref, w.s)
	}
	switch {
	case r.Err != nil:
		w.bad = r
		return
	case r.Dropped != nil:
		w.bad = failed(droppedError(e.Range(), r.Dropped))
		return
	}
	w.sensitive = w.sensitive || r.Sensitive
	text := r.Text()
	if r.Changed && !r.Type.IsPrimitiveType() {
		text = r.spelt(exactly)
	}
	if n < len(ref) {
		text = r.operand(precTerm)
		if r.Known() && r.Type == cty.Number {
			text = parens(text)
		}
	}
	for _, step := range ref[n:] {
		text += w.ev.sources.text(step.SourceRange())
	}
	if r.Changed && !r.Known() && !bound {
		w.s.noteCapture(text)
		for _, names := range w.local {
			for name := range names {
				if rootOccurs(text, name) {
					w.bad = failed(captureError(e.Range(), name))
				}
			}
		}
	}
	if text != w.ev.sources.text(e.Range()) {
		if n == len(ref) && r.prec < precTerm {
			text = parens(text)
		}
		w.pieces = append(w.pieces, piece{e.Range(), text})
	}
}
