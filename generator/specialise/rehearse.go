package specialise

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/functions"
	"github.com/bpgen/bpgen/generator/guard"
	"github.com/bpgen/bpgen/generator/lang"
)

// whole evaluates a whole expression: that of an argument, a local value or an
// output. Where what was folded rests on types that are open, or that the text may
// not have, it is rehearsed: the text must give what the expression gives as it is
// written, for examples of all that it refers to. Where it does not, the expression
// stays as it is written, with the exact types of what it refers to.
func (ev *evaluator) whole(x hclsyntax.Expression, s *scope) Result {
	doubts := ev.doubts
	r := ev.eval(x, s)
	switch {
	case r.Err == nil && (!r.Changed || ev.doubts == doubts), r.Err != nil && !r.Fails(), ev.purse().Fault() != nil:
		return r
	case ev.revive == nil, s.hasOpaque(): // a test, or a place where names hide others
		return r
	case s != nil:
		if out, ok := ev.rehearsed(x, r, s); ok {
			return out
		}
		return r
	}
	kept, ok := ev.verdicts[x]
	if !ok {
		if out, ok := ev.rehearsed(x, r, s); ok {
			kept = &out
		}
		if ev.verdicts == nil {
			ev.verdicts = map[hclsyntax.Expression]*Result{}
		}
		ev.verdicts[x] = kept
	}
	if kept != nil {
		return *kept
	}
	return r
}

// rehearsed returns what x must be written as, where what it became gives something
// else. It reports false where r will do.
func (ev *evaluator) rehearsed(x hclsyntax.Expression, r Result, s *scope) (Result, bool) {
	kept, known := ev.strictly(x, s)
	if kept.Err != nil || r.Err == nil && kept.text == r.text || ev.refused(kept.text) {
		return Result{}, false
	}
	kept.Sensitive, kept.perhaps, kept.NotNull = kept.Sensitive || r.Sensitive, r.perhaps, r.NotNull && r.Err == nil
	return corrected(ev, kept, r, known, ev.asked(x))
}

// refused says whether a text refers to an attribute that the type of its resource or
// data source does not have. Terraform refuses that even inside try and can, so it
// cannot stay as it is written.
func (ev *evaluator) refused(text string) bool {
	if ev.schemas == nil {
		return false
	}
	x, diags := guard.ParseExpression([]byte(text), "", hcl.InitialPos)
	if diags.HasErrors() {
		return false
	}
	for _, ref := range x.Variables() {
		kind, typ, n := "resource", ref.RootName(), addressLength(ref)
		if typ == "data" {
			kind = "data"
			typ, _ = lang.Step(ref, 1)
		}
		name, ok := lang.Step(ref, n-1)
		if !ok {
			continue
		}
		_, _, known := ev.schemas.Attribute(kind, typ, "id")
		if _, _, ok := ev.schemas.Attribute(kind, typ, name); known && !ok {
			return true
		}
	}
	return false
}

// A writtenLocal is a local value of the linked module, as which one of a template
// is written.
type writtenLocal struct {
	text string
	expr hclsyntax.Expression
	ev   *evaluator
}

// doubt notes that what an expression means rests on types that are open, or that
// differ, or that the texts of results may not have any more.
func (ev *evaluator) doubt(x hclsyntax.Expression, about ...Result) {
	if ev.asked(x) == converts {
		return
	}
	for _, r := range about {
		if !sureType(r.Type) || !r.Type.Equals(about[0].Type) || r.Changed && (r.guessed || r.loosens()) {
			ev.doubts++
			return
		}
	}
}

// doubtEqual is doubt for the sides of a comparison, which tells all types apart.
func (ev *evaluator) doubtEqual(e *hclsyntax.BinaryOpExpr, l, r Result) {
	if binaryPrec(e.Op) == precEqual && !isPlain(e.LHS) && !isPlain(e.RHS) && (l.Changed || r.Changed) && (!l.Type.IsPrimitiveType() || !r.Type.Equals(l.Type)) {
		ev.doubts++
	}
}

// choosesOrJoins says whether a function gives one of its arguments, or makes them
// alike.
func choosesOrJoins(name string) bool {
	return madeAlike(name) || slices.Contains([]string{"coalesce", "one", "element", "merge", "lookup", "concat", "flatten"}, name)
}

// hasOpaque says whether the text may refer to names that are bound around it.
func (s *scope) hasOpaque() bool {
	for ; s != nil; s = s.parent {
		if len(s.opaque) > 0 {
			return true
		}
	}
	return false
}

// A cast says what is known of the references in a text.
type cast struct {
	seen map[string]Result // the references by their texts
	asks []string          // texts that fail for some values
}

// strictly returns the text of x as it is written, with the exact types of what
// it refers to, and what is known of the references in it.
func (ev *evaluator) strictly(x hclsyntax.Expression, s *scope) (Result, cast) {
	plain := *ev
	plain.revive = nil
	w := &replacer{ev: &plain, s: s, rename: map[*hclsyntax.ForExpr]renames{}, seen: map[string]Result{}}
	out := w.replaced(x)
	if strings.HasPrefix(out.text, "<<") {
		out.heredoc, out.text = out.text, parens(out.text)
	}
	return out, cast{w.seen, w.asks}
}

// see notes the references in a result.
func see(r Result, seen map[string]Result) {
	if !r.Known() && isReference(r.text) {
		seen[r.text] = r
	}
	if r.source != "" && isReference(r.source) {
		seen[r.source] = Reference(r.source, r.Type)
	}
	for _, e := range r.Elems {
		see(e, seen)
	}
	for _, a := range r.Attrs {
		see(a, seen)
	}
}

// strict returns the text of a result with its exact type.
func (r Result) strict() string {
	t := typeOrDynamic(r.Type)
	switch {
	case r.Known() && (r.text != "" && (!r.Changed || isReference(r.text))): // or a local value, which has the type
		return r.Text()
	case r.Known():
		text, _ := spelling(r.Val, precisely, strictly)
		return enclosed(text)
	case t.IsPrimitiveType(), !r.loosens():
		return r.Text()
	case r.isTyped():
		return enclosed(r.typed)
	case r.isHollow() && !r.mixes():
		return anchored(r.loop.text, t)
	case !sureType(t) || r.mixes():
		return r.spelt(precisely)
	case t.IsSetType():
		return "toset(" + anchored(r.spelt(exactly), cty.List(t.ElementType())) + ")"
	}
	return anchored(r.spelt(exactly), t)
}

// described returns what the provider says of an attribute that a text refers to.
func (ev *evaluator) described(path string) Result {
	names := strings.Split(path, ".")
	kind := "resource"
	if len(names) == 4 {
		kind, names = names[0], names[1:]
	}
	if ev.schemas == nil || len(names) != 3 || names[0] == "module" {
		return Result{}
	}
	t, sensitive, ok := ev.schemas.Attribute(kind, names[0], names[2])
	if !ok {
		return Result{}
	}
	r := Reference(path, t)
	r.Sensitive, r.NotNull = sensitive, names[2] == "id" || names[2] == "arn"
	return r
}

// unknown returns a value of which only what is known of the type of r is known.
func (r Result) unknown() cty.Value {
	v := cty.DynamicVal
	if r.text != "" && !r.guessed && !r.loose {
		v = cty.UnknownVal(typeOrDynamic(r.Type))
	}
	if r.Sensitive {
		v = v.Mark(functions.Sensitive)
	}
	return v
}
