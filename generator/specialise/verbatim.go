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
	return (&replacer{ev: ev, s: s, rename: map[*hclsyntax.ForExpr]renames{}}).replaced(x)
}

// replaced returns the text of x with its references replaced.
func (w *replacer) replaced(x hclsyntax.Expression) Result {
	for range attempts {
		w.moved, w.keys, w.pieces, w.captured, w.sensitive = map[int]bool{}, map[int]bool{}, nil, false, false
		hclsyntax.Walk(x, w)
		if w.bad.Err != nil {
			return w.bad
		}
		if !w.captured {
			out := residual(w.ev.sources.splice(x.Range(), w.pieces), strength(x), cty.DynamicPseudoType, len(w.pieces) > 0)
			out.Sensitive = w.sensitive
			return out
		}
	}
	return failed(captureError(x.Range(), "a loop variable"))
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
	loops     []*hclsyntax.ForExpr // that are being walked
	local     []*hclsyntax.ForExpr // whose variables have a meaning here
	rename    map[*hclsyntax.ForExpr]renames
	captured  bool         // a variable of a loop hid something and has another name now
	moved     map[int]bool // starts of path.module that the text behind it speaks for
	keys      map[int]bool // starts of indexes
	pieces    []piece
	sensitive bool
	seen      map[string]Result // not nil: what is written keeps its exact type, and these are the references in it
	asks      []string          // texts that ask something of the references in them
	bad       Result
}

// Enter implements hclsyntax.Walker.
func (w *replacer) Enter(n hclsyntax.Node) hcl.Diagnostics {
	switch n := n.(type) {
	case *hclsyntax.ForExpr:
		w.loops = append(w.loops, n)
		w.pieces = append(w.pieces, w.ev.introPieces(n, w.rename[n])...)
	case hclsyntax.ChildScope:
		w.local = append(w.local, w.loops[len(w.loops)-1])
	case *hclsyntax.TemplateExpr:
		w.template(n)
	case *hclsyntax.IndexExpr:
		w.keys[n.Key.Range().Start.Byte] = true
	case *hclsyntax.ScopeTraversalExpr:
		w.reference(n)
	}
	return nil
}

// Exit implements hclsyntax.Walker.
func (w *replacer) Exit(n hclsyntax.Node) hcl.Diagnostics {
	switch n.(type) {
	case *hclsyntax.ForExpr:
		w.loops = w.loops[:len(w.loops)-1]
	case hclsyntax.ChildScope:
		w.local = w.local[:len(w.local)-1]
	}
	return nil
}

// loopVariable replaces a variable of a loop in the expression itself. It reports
// false for any other name.
func (w *replacer) loopVariable(e *hclsyntax.ScopeTraversalExpr) bool {
	name := e.Traversal.RootName()
	for _, loop := range slices.Backward(w.local) {
		if name != loop.KeyVar && name != loop.ValVar {
			continue
		}
		if n := w.rename[loop].name(name); n != name {
			w.pieces = append(w.pieces, piece{e.Traversal[0].SourceRange(), n})
		}
		return true
	}
	return false
}

// hide renames the loop variables that would hide what r refers to.
func (w *replacer) hide(r Result) {
	for _, loop := range w.local {
		captured := map[string]bool{}
		for _, v := range []string{loop.KeyVar, loop.ValVar} {
			if n := w.rename[loop].name(v); v != "" && r.mentions(n) {
				captured[n] = true
			}
		}
		if len(captured) > 0 {
			w.captured = true
			w.rename[loop] = w.rename[loop].grown(loop, captured)
		}
	}
}

// template moves the file that a template names behind path.module.
func (w *replacer) template(t *hclsyntax.TemplateExpr) {
	for i, p := range t.Parts {
		if l, ok := p.(*hclsyntax.LiteralValueExpr); ok {
			if text, ok := w.ev.speech.of(l); ok {
				w.pieces = append(w.pieces, piece{l.Range(), escapeBefore(text)})
				continue
			}
		}
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
	if w.bad.Err != nil || w.moved[e.Range().Start.Byte] || w.loopVariable(e) {
		return
	}
	r, outer := w.s.find(ref.RootName())
	n := 1
	if outer == nil {
		r, n = w.ev.root(ref, w.s)
	}
	if r.Err != nil {
		w.bad = r
		return
	}
	if r.Dropped != nil && w.ev.revive == nil {
		w.bad = failed(droppedError(e.Range(), r.Dropped))
		return
	}
	if r.Dropped != nil && outer == nil {
		if name, steps, ok := w.ev.revive(ref); ok {
			r, n = Reference(name, cty.DynamicPseudoType), steps
		}
	}
	w.sensitive = w.sensitive || r.Sensitive
	text := w.spelt(r)
	if r.IsNull() && w.keys[e.Range().Start.Byte] {
		text = "tostring(null)" // a bare null is refused even where nobody looks
	}
	if n < len(ref) {
		text = w.operand(r)
		if r.Known() && r.Type == cty.Number {
			text = parens(text)
		}
	}
	for _, step := range ref[n:] {
		text += w.ev.sources.text(step.SourceRange())
	}
	if r.Changed || outer != nil {
		w.s.noteCapture(r, outer)
		w.hide(r)
	}
	if text != w.ev.sources.text(e.Range()) {
		if n == len(ref) && r.prec < precTerm {
			text = parens(text)
		}
		w.pieces = append(w.pieces, piece{e.Range(), text})
	}
}

// spelt returns the text of what a reference stands for.
func (w *replacer) spelt(r Result) string {
	switch {
	case w.seen != nil:
		return w.strict(r)
	case r.Changed && !r.Type.IsPrimitiveType():
		return r.spelt(exactly)
	}
	return r.Text()
}

// operand is spelt for what more steps follow.
func (w *replacer) operand(r Result) string {
	if w.seen == nil {
		return r.operand(precTerm)
	}
	if text := w.strict(r); text != r.Text() {
		return enclosed(text)
	}
	return r.operand(precTerm)
}

// strict returns the text of a result with its exact type.
func (w *replacer) strict(r Result) string {
	see(r, w.seen)
	text := r.strict()
	if !r.Known() && !isReference(text) && !slices.Contains(w.asks, text) {
		w.asks = append(w.asks, text)
	}
	return text
}
