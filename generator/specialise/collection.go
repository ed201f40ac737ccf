package specialise

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/lang"
)

// An element is one member of a collection with its key.
type element struct {
	key   Result
	value Result
}

// elements returns the members of a known or shaped collection in Terraform's
// order. It reports false for anything else.
func (r Result) elements() ([]element, bool) {
	switch {
	case r.Known():
		v, marks := r.Val.Unmark()
		if len(marks) > 0 || v.IsNull() || !v.IsKnown() || !v.CanIterateElements() {
			return nil, false
		}
		out := make([]element, 0, v.LengthInt())
		for it := v.ElementIterator(); it.Next(); {
			k, e := it.Element()
			if v.Type().IsSetType() {
				k = e
			}
			out = append(out, element{knownResult(k), knownResult(e)})
		}
		return out, true
	case r.Tuple:
		out := make([]element, len(r.Elems))
		for i, e := range r.Elems {
			out[i] = element{knownResult(cty.NumberIntVal(int64(i))), e.moved()}
		}
		return out, true
	case r.Attrs != nil && r.NotNull:
		out := make([]element, 0, len(r.Attrs))
		for _, k := range sortedKeys(r.Attrs) {
			out = append(out, element{knownResult(cty.StringVal(k)), r.Attrs[k].moved()})
		}
		return out, true
	}
	return nil, false
}

// memberType returns what is known of the type of r as a member of something else.
func (r Result) memberType() cty.Type {
	if r.guessed {
		return cty.DynamicPseudoType
	}
	return typeOrDynamic(r.Type)
}

// tupleOf returns a list written out, known when all elements are.
func tupleOf(elems []Result) Result {
	var vals []cty.Value
	var types []cty.Type
	var items []string
	known := true
	for _, e := range elems {
		known = known && e.Known()
		types = append(types, e.memberType())
		items = append(items, e.Text())
		if e.Known() {
			vals = append(vals, e.Val)
		}
	}
	if known {
		return knownResult(cty.TupleVal(vals))
	}
	out := residual(bracket("[", "]", items), precTerm, cty.Tuple(types), true)
	out.Tuple, out.Elems, out.NotNull = true, elems, true
	out.Sensitive, out.perhaps = anySensitive(elems...), perhaps(elems...)
	return out
}

// objectOf returns an object written out, known when all values are.
func objectOf(keys []string, attrs map[string]Result) Result {
	vals := map[string]cty.Value{}
	types := map[string]cty.Type{}
	var items []string
	known := true
	all := make([]Result, 0, len(keys))
	for _, k := range keys {
		a := attrs[k]
		known, all = known && a.Known(), append(all, a)
		vals[k], types[k] = a.Val, a.memberType()
		items = append(items, objectKey(k)+" = "+a.Text())
	}
	if known {
		return knownResult(cty.ObjectVal(vals))
	}
	out := residual(bracket("{", "}", items), precTerm, cty.Object(types), true)
	out.Attrs, out.Keys, out.NotNull = attrs, keys, true
	out.Sensitive, out.perhaps = anySensitive(all...), perhaps(all...)
	return out
}

func (ev *evaluator) tuple(e *hclsyntax.TupleConsExpr, s *scope) Result {
	elems := make([]Result, 0, len(e.Exprs))
	var pieces []piece
	cut := false
	for _, x := range e.Exprs {
		if ev.sources.isCut(x.Range()) {
			cut = true
			continue
		}
		r := ev.eval(x, s)
		if r.Err != nil {
			return r
		}
		elems = append(elems, r)
		if r.Changed {
			pieces = append(pieces, piece{x.Range(), ev.put(x, r)})
		}
	}
	out := tupleOf(elems)
	out.Changed, out.exact = len(pieces) > 0, ev.asked(e) >= members
	out.text, out.prec = ev.sources.splice(e.Range(), pieces), precTerm
	if cut && len(elems) == 0 {
		out.text = "[]"
	}
	return out
}

// inPlace returns the text of r where the expression x stood: a heredoc may
// stay one.
func (ev *evaluator) inPlace(x hclsyntax.Expression, r Result) string {
	if _, ok := x.(*hclsyntax.TemplateExpr); ok {
		return r.top()
	}
	return r.Text()
}

func (ev *evaluator) object(e *hclsyntax.ObjectConsExpr, s *scope) Result {
	attrs := map[string]Result{}
	var keys []string
	var pieces []piece
	shaped, known := true, true
	var all, allKeys []Result
	var elems []cty.Type
	for _, it := range e.Items {
		if ev.sources.isCut(it.KeyExpr.Range()) {
			continue
		}
		k, v := ev.eval(it.KeyExpr, s), ev.eval(it.ValueExpr, s)
		if bad, ok := firstErr(k, v); ok {
			return bad
		}
		all, allKeys = append(all, k, v), append(allKeys, k)
		if k.Changed {
			pieces = append(pieces, piece{it.KeyExpr.Range(), k.text})
		}
		if v.Changed {
			pieces = append(pieces, piece{it.ValueExpr.Range(), ev.put(it.ValueExpr, v)})
		}
		elems = append(elems, v.Type)
		key, ok := keyString(k.Val)
		if !ok {
			if k.Known() && !k.Val.ContainsMarked() {
				return failed(diag.Error(it.KeyExpr.Range(), "Not a key", "An object key must be a string and not null."))
			}
			shaped, known = false, false
			continue
		}
		if _, twice := attrs[key]; !twice {
			keys = append(keys, key)
		}
		attrs[key] = v
		known = known && v.Known()
	}
	text := ev.sources.splice(e.Range(), pieces)
	if !shaped {
		out := residual(text, precTerm, cty.Map(sameType(elems...)), len(pieces) > 0)
		out.NotNull, out.Sensitive, out.guessed, out.inside = true, anySensitive(all...), true, !anySensitive(allKeys...)
		return out
	}
	out := objectOf(keys, attrs)
	out.Changed, out.exact = len(pieces) > 0, ev.asked(e) >= members
	out.text, out.prec = text, precTerm
	return out
}

// objectKey evaluates the key of an object item. The text of a changed key is
// what must stand in front of the equals sign.
func (ev *evaluator) objectKey(e *hclsyntax.ObjectConsKeyExpr, s *scope) Result {
	if !e.ForceNonLiteral {
		if word := hcl.ExprAsKeyword(e.Wrapped); word != "" {
			return ev.unchanged(e, cty.StringVal(word))
		}
		if t, ok := e.Wrapped.(*hclsyntax.ScopeTraversalExpr); ok && len(t.Traversal) > 1 {
			return failed(diag.Error(e.Range(), "Ambiguous key", "Write (%s) to use the value of the reference, or quote the key.", ev.sources.text(e.Range())))
		}
	}
	r := ev.eval(e.Wrapped, s)
	if r.Err != nil || !r.Changed {
		return r
	}
	if key, ok := keyString(r.Val); ok {
		r.text = objectKey(key)
		return r
	}
	if !strings.HasPrefix(r.text, "(") && !strings.HasPrefix(r.text, `"`) {
		r.text = "(" + r.Text() + ")"
	}
	return r
}

// keyType returns the type of a for expression's first name over a collection.
func keyType(t cty.Type) cty.Type {
	switch {
	case t.IsListType(), t.IsTupleType():
		return cty.Number
	case t.IsMapType(), t.IsObjectType():
		return cty.String
	case t.IsSetType():
		return t.ElementType()
	}
	return cty.DynamicPseudoType
}

func (ev *evaluator) forExpr(e *hclsyntax.ForExpr, s *scope) Result {
	coll := ev.eval(e.CollExpr, s)
	if coll.Err != nil {
		return coll
	}
	if coll.Known() && coll.Val.IsMarked() {
		return ev.forMarked(e, coll, s)
	}
	if coll.IsNull() {
		return failed(diag.Error(e.CollExpr.Range(), "Iteration over null", "A for expression cannot iterate over null."))
	}
	if ev.mayFail(coll, s) || varies(coll) {
		coll = opened(coll)
	}
	if elems, ok := coll.elements(); ok {
		if out, ok := ev.forElements(e, elems, s); ok {
			return ev.forText(e, coll, out, s)
		}
	}
	if ev.keepsNone(e, coll, s) {
		if e.KeyExpr != nil {
			return knownResult(cty.EmptyObjectVal)
		}
		return knownResult(cty.EmptyTupleVal)
	}
	return ev.forText(e, coll, Result{}, s)
}

// forMarked folds a for expression over a sensitive constant.
func (ev *evaluator) forMarked(e *hclsyntax.ForExpr, coll Result, s *scope) Result {
	v, marks := coll.Val.Unmark()
	elems, ok := knownResult(v).elements()
	if !ok {
		return ev.forText(e, coll, Result{}, s)
	}
	out, ok := ev.forElements(e, elems, s)
	if !ok || !out.Known() {
		return ev.forText(e, coll, Result{}, s)
	}
	return knownResult(out.Val.WithMarks(marks))
}

// forElements evaluates the body for every element. It reports false when a key
// or condition stays open.
func (ev *evaluator) forElements(e *hclsyntax.ForExpr, elems []element, s *scope) (Result, bool) {
	var list []Result
	attrs := map[string]Result{}
	groups := map[string][]Result{}
	var keys []string
	for _, el := range elems {
		names := map[string]Result{e.ValVar: el.value}
		if e.KeyVar != "" {
			names[e.KeyVar] = el.key
		}
		inner := s.bind(names)
		keep, end := ev.forKeeps(e, inner)
		switch {
		case end != nil:
			return *end, end.Err != nil
		case !keep:
			continue
		}
		v := ev.eval(e.ValExpr, inner)
		if v.Err != nil {
			return v, true
		}
		if e.KeyExpr == nil {
			list = append(list, v)
			continue
		}
		k := ev.eval(e.KeyExpr, inner)
		if k.Err != nil {
			return k, true
		}
		key, ok := keyString(k.Val)
		if !ok {
			return Result{}, false
		}
		_, twice := attrs[key]
		switch {
		case !twice:
			keys = append(keys, key)
		case !e.Group:
			return failed(diag.Error(e.KeyExpr.Range(), "Duplicate object key", "Two elements have the key %q. Make the keys unique, or group the values by adding \"...\" after the value.", key)), true
		}
		attrs[key] = v
		groups[key] = append(groups[key], v)
	}
	if e.KeyExpr == nil {
		return tupleOf(list), true
	}
	if e.Group {
		for k, vs := range groups {
			attrs[k] = tupleOf(vs)
		}
	}
	return objectOf(keys, attrs), true
}

// forKeeps evaluates the condition of a for expression for one element. When the
// condition fails or stays open, there is a result that ends the loop instead.
func (ev *evaluator) forKeeps(e *hclsyntax.ForExpr, s *scope) (keep bool, end *Result) {
	if e.CondExpr == nil {
		return true, nil
	}
	c := ev.eval(e.CondExpr, s)
	if c.Err != nil {
		return false, &c
	}
	keep, ok := knownBool(c)
	if !ok || c.Sensitive {
		return false, &Result{}
	}
	return keep, nil
}

// forText gives a for expression its text. The outcome, when there is one,
// holds what the expression is known to be: it is written out when it is known
// or when the collection was a list of references; else the for stays.
func (ev *evaluator) forText(e *hclsyntax.ForExpr, coll Result, outcome Result, s *scope) Result {
	if outcome.Err != nil {
		return outcome
	}
	kept := ev.forResidual(e, coll, s)
	decided := outcome.Known() || outcome.Tuple || outcome.Attrs != nil
	switch {
	case !decided:
		return kept
	case outcome.Known() && kept.Err == nil && !kept.Changed:
		outcome.text, outcome.prec, outcome.Changed = ev.sources.text(e.Range()), precTerm, false
	case outcome.Known():
	case kept.Err == nil && (!coll.Changed || coll.Known() && !compares(e)):
		outcome.text, outcome.prec, outcome.Changed, outcome.exact = kept.text, precTerm, kept.Changed, ev.asked(e) >= members
	}
	return outcome
}

// compares says whether a for expression compares values. A constant list that
// is written out becomes a tuple, which only a comparison can tell.
func compares(e *hclsyntax.ForExpr) bool {
	found := false
	lang.Visit(e, func(n hclsyntax.Node) {
		if b, ok := n.(*hclsyntax.BinaryOpExpr); ok {
			found = found || b.Op == hclsyntax.OpEqual || b.Op == hclsyntax.OpNotEqual
		}
	})
	return found
}

// forResidual specialises the parts of a for expression with its variables left
// open, and renames a variable that would capture an inlined reference.
func (ev *evaluator) forResidual(e *hclsyntax.ForExpr, coll Result, s *scope) Result {
	var out Result
	ok := withNames(e, func(rename renames) map[string]bool {
		var captured map[string]bool
		out, captured = ev.forOpen(e, coll, s, rename)
		return captured
	})
	if !ok {
		return failed(captureError(e.Range(), e.ValVar))
	}
	return out
}

func (ev *evaluator) forOpen(e *hclsyntax.ForExpr, coll Result, s *scope, rename renames) (Result, map[string]bool) {
	ev.doubt(e.CollExpr, coll)
	inner := ev.openLoop(e, coll, s, rename)
	collPiece := piece{e.CollExpr.Range(), ev.put(e.CollExpr, coll)}
	pieces := []piece{collPiece}
	changed := coll.Changed
	if !changed {
		pieces = nil
	}
	var all []Result
	part := func(x hclsyntax.Expression) Result {
		if x == nil {
			return Result{}
		}
		r := ev.arm(x, inner)
		all = append(all, r)
		if r.Changed {
			changed = true
			pieces = append(pieces, piece{x.Range(), ev.put(x, r)})
		}
		return r
	}
	key := part(e.KeyExpr)
	val := part(e.ValExpr)
	cond := part(e.CondExpr)
	if bad, ok := firstErr(all...); ok {
		return bad, nil
	}
	pieces = append(append(pieces, ev.introPieces(e, rename)...), ev.keepsAll(e, cond)...)
	typ, leaf := cty.List(val.memberType()), leafOf(val)
	if e.KeyExpr != nil {
		typ, leaf = cty.Map(val.memberType()), nil
	}
	out := residual(ev.sources.splice(e.Range(), pieces), precTerm, typ, changed || len(rename) > 0)
	out.leaf = leaf
	out.NotNull = true
	out.Sensitive, out.guessed, out.exact = coll.Sensitive || anySensitive(all...), true, ev.asked(e) >= members
	out.perhaps = perhaps(append(all, coll)...)
	out.inside = !topSensitive(coll) && !anySensitive(key, cond)
	out.perhaps = out.perhaps || !topSensitive(coll) || coll.perhaps // there may be nothing to go over
	return out, inner.captured
}
