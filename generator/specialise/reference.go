package specialise

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/lang"
)

func (ev *evaluator) reference(e *hclsyntax.ScopeTraversalExpr, s *scope) Result {
	ref := e.Traversal
	r, outer := s.find(ref.RootName())
	n := 1
	if outer == nil {
		r, n = ev.root(ref, s)
	}
	if r.Err != nil {
		return r
	}
	if r.Changed || outer != nil {
		s.noteCapture(r, outer)
	}
	if r.source != "" && n < len(ref) && s.isStrict() {
		r = opened(r) // what it is null with may be null: then nothing of it is there
	}
	return ev.steps(e, r, ref, n)
}

// mayFail says whether a list or object that is written out must stay whole,
// because one of its members may fail and something waits for that.
func (ev *evaluator) mayFail(r Result, s *scope) bool {
	return (r.Tuple || r.Attrs != nil) && s.isStrict() && (r.source != "" || !ev.sure(r, s))
}

// opened forgets what is known of the members of a list or object.
func opened(r Result) Result {
	if r.loosens() && !r.isTyped() && !r.staysMixed() {
		if text := r.spelt(exactly); text != r.text {
			r = r.withTyped(text)
		}
	}
	r.Tuple, r.Elems, r.Attrs, r.Keys, r.source = false, nil, nil, nil, ""
	r.loose, r.inside = !r.exact, true
	return r
}

func (ev *evaluator) relative(e *hclsyntax.RelativeTraversalExpr, s *scope) Result {
	r := ev.eval(e.Source, s)
	if r.Err != nil {
		return r
	}
	if ev.mayFail(r, s) {
		r = opened(r)
	}
	out := ev.follow(e, r, e.Traversal)
	if !out.Changed && out.Err == nil {
		out.text, out.prec = ev.sources.text(e.Range()), precTerm
	}
	return out
}

// steps follows ref from its step n on, starting from r, the result of the
// steps before.
func (ev *evaluator) steps(e hclsyntax.Expression, r Result, ref hcl.Traversal, n int) Result {
	out := ev.follow(e, r, ref[n:])
	if out.Err != nil {
		return out
	}
	if text := ev.sources.text(e.Range()); out.text == text && !out.Known() {
		out.Changed = false
	}
	return out
}

// follow applies the steps of a traversal to r.
func (ev *evaluator) follow(e hclsyntax.Expression, r Result, steps hcl.Traversal) Result {
	for i, step := range steps {
		next, ok := ev.step(r, step)
		if !ok {
			return ev.followText(r, steps[i:])
		}
		if next.Err != nil {
			if r.Dropped != nil {
				return failed(droppedError(e.Range(), r.Dropped))
			}
			next.Err = diag.Error(e.Range(), next.Err.Summary, "%s", next.Err.Detail)
			return next
		}
		next.Changed = true
		r = next
	}
	return r
}

// step applies one step to a known or shaped result. It reports false when only
// text can follow.
func (ev *evaluator) step(r Result, step hcl.Traverser) (Result, bool) {
	switch {
	case r.Known():
		v, diags := step.TraversalStep(r.Val)
		if diags.HasErrors() {
			return failed(diags[0]), true
		}
		return knownResult(v), true
	case r.Attrs != nil:
		key, ok := stepKey(step)
		if !ok {
			return Result{}, false
		}
		if a, ok := r.Attrs[key]; ok {
			return a, true
		}
		return failed(&hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Unsupported attribute", Detail: "This object has no attribute \"" + key + "\". " + diag.DidYouMean(key, r.Keys)}), true
	case r.Tuple:
		if i, ok := stepIndex(step); ok {
			if i >= 0 && i < len(r.Elems) {
				return r.Elems[i], true
			}
			return failed(&hcl.Diagnostic{Severity: hcl.DiagError, Summary: "Invalid index", Detail: "The list has no element with this index with the chosen options."}), true
		}
	}
	return Result{}, false
}

func stepKey(step hcl.Traverser) (string, bool) {
	switch st := step.(type) {
	case hcl.TraverseAttr:
		return st.Name, true
	case hcl.TraverseIndex:
		return keyString(st.Key)
	}
	return "", false
}

func stepIndex(step hcl.Traverser) (int, bool) {
	if st, ok := step.(hcl.TraverseIndex); ok {
		return keyIndex(st.Key)
	}
	return 0, false
}

func keyString(k cty.Value) (string, bool) {
	if k == cty.NilVal || k.IsNull() || !k.IsKnown() || k.IsMarked() {
		return "", false
	}
	c, err := convertUnmarked(k, cty.String)
	if err != nil {
		return "", false
	}
	return c.AsString(), true
}

func keyIndex(k cty.Value) (int, bool) {
	if k == cty.NilVal || k.IsNull() || !k.IsKnown() || k.IsMarked() {
		return 0, false
	}
	c, err := convertUnmarked(k, cty.Number)
	if err != nil || !c.AsBigFloat().IsInt() {
		return 0, false
	}
	i, _ := c.AsBigFloat().Int64()
	return int(i), true
}

// followText appends the steps to r's text, as the source writes them.
func (ev *evaluator) followText(r Result, steps hcl.Traversal) Result {
	for len(steps) > 0 && (r.Object != nil || r.Members != nil) {
		name, ok := stepKey(steps[0])
		switch {
		case r.Members != nil:
			m := residual(r.operand(precTerm)+ev.sources.text(steps[0].SourceRange()), precTerm, elementType(r.Type), r.Changed)
			m.Object = r.Members
			r = m
		case ok && lang.Identifier(name):
			if ev.lacks(r.Object, name) {
				return failed(diag.Error(steps[0].SourceRange(), "Unsupported attribute", "%s has no attribute %q.", r.Text(), name))
			}
			c := r.Changed
			r = ev.member(r, r.Object, name)
			r.Changed = c
		default:
			r.Object = nil
			continue
		}
		steps = steps[1:]
	}
	text := r.operand(precTerm)
	if r.isTyped() && r.Type.IsObjectType() {
		text = r.typed // a null in it must be like that of its type
	}
	typ := r.Type
	if len(steps) == 0 {
		return r
	}
	for _, step := range steps {
		text += ev.sources.text(step.SourceRange())
		switch st := step.(type) {
		case hcl.TraverseAttr:
			if typ.IsObjectType() && !typ.HasAttribute(st.Name) && strings.HasPrefix(r.text, "var.") && isReference(r.text) {
				return failed(diag.Error(st.SrcRange, "Unsupported attribute", "This object has no attribute %q. %s", st.Name, diag.DidYouMean(st.Name, sortedKeys(typ.AttributeTypes()))))
			}
			typ = attributeType(typ, st.Name)
		case hcl.TraverseIndex:
			if typ.IsObjectType() && st.Key.Type() == cty.String {
				typ = attributeType(typ, st.Key.AsString())
			} else {
				typ = elementType(typ)
			}
		}
	}
	out := residual(text, precTerm, typ, r.Changed)
	out.Sensitive, out.perhaps, out.loose = r.Sensitive, r.perhaps || r.inside, r.loose
	return out
}

// member returns the attribute of an object, as the provider describes it.
func (ev *evaluator) member(r Result, o *ObjectType, name string) Result {
	out := residual(r.operand(precTerm)+"."+name, precTerm, attributeType(r.Type, name), true)
	out.Sensitive = r.Sensitive
	if o.Kind == "module" {
		return out
	}
	out.NotNull = name == "id" || name == "arn"
	if ev.schemas != nil {
		if t, sensitive, ok := ev.schemas.Attribute(o.Kind, o.Type, name); ok {
			if t != cty.DynamicPseudoType {
				out.Type = t
			}
			out.Sensitive = out.Sensitive || sensitive
		}
	}
	return out
}

// lacks says whether the provider knows an object and nothing of that name in
// it. Terraform finds that out by name, where try cannot see it; in the template
// the object was a value.
func (ev *evaluator) lacks(o *ObjectType, name string) bool {
	if o.Kind == "module" || ev.schemas == nil {
		return false
	}
	t, ok := ev.schemas.Object(o.Kind, o.Type)
	return ok && t.IsObjectType() && !t.HasAttribute(name)
}

func (ev *evaluator) index(e *hclsyntax.IndexExpr, s *scope) Result {
	c, k := ev.eval(e.Collection, s), ev.eval(e.Key, s)
	if bad, ok := firstErr(c, k); ok {
		return bad
	}
	if k.IsNull() && !c.Known() {
		return failed(diag.Error(e.Key.Range(), "Invalid index", "The index is null with the chosen options. Guard the expression with the same condition, or with try()."))
	}
	if c.Known() && k.Known() {
		n := *e
		n.Collection, n.Key = lit(c.Val, e.Collection.Range()), lit(k.Val, e.Key.Range())
		v, diags := ev.native(&n)
		if diags != nil {
			return ev.failure(e, diags, c)
		}
		return ev.fold(e, v, c, k)
	}
	if c.Dropped != nil {
		return failed(droppedError(e.Range(), c.Dropped))
	}
	if ev.mayFail(c, s) {
		c = opened(c)
	}
	if k.Known() {
		next, ok := ev.step(c, hcl.TraverseIndex{Key: k.Val, SrcRange: e.BracketRange})
		if ok {
			if next.Err != nil {
				next.Err = diag.Error(e.Range(), next.Err.Summary, "%s", next.Err.Detail)
			}
			next.Changed = true
			return next
		}
	}
	if name, ok := keyString(k.Val); ok && c.Object != nil && lang.Identifier(name) {
		if ev.lacks(c.Object, name) {
			return failed(diag.Error(e.Range(), "Unsupported attribute", "%s has no attribute %q.", c.Text(), name))
		}
		return ev.member(c, c.Object, name)
	}
	ev.doubt(e.Collection, c)
	if c.Object != nil {
		c.prec = precUnary // an index on a bare reference would mean an instance of it
	}
	typ := elementType(c.Type)
	if key, ok := keyString(k.Val); ok && c.Type.IsObjectType() {
		typ = attributeType(c.Type, key)
	}
	if i, ok := keyIndex(k.Val); ok && c.Type.IsTupleType() && 0 <= i && i < c.Type.Length() {
		typ = c.Type.TupleElementType(i)
	}
	out := residual(ev.sources.splice(e.Range(), []piece{{e.Collection.Range(), ev.putOperand(e.Collection, c, precTerm)}, {e.Key.Range(), k.Text()}}), precTerm, typ, c.Changed || k.Changed)
	out.Sensitive, out.Object, out.loose = anySensitive(c, k), c.Members, c.loosens() && ev.asked(e.Collection) < members
	out.exact, out.perhaps = ev.asked(e) >= members, perhaps(c, k) || c.inside && !k.Sensitive
	return out
}

func (ev *evaluator) splat(e *hclsyntax.SplatExpr, s *scope) Result {
	src := ev.eval(e.Source, s)
	if src.Err != nil {
		return src
	}
	if src.Known() && len(hclsyntax.Variables(e.Each)) == 0 {
		n := *e
		n.Source = lit(src.Val, e.Source.Range())
		v, diags := ev.native(&n)
		switch {
		case diags != nil && src.isEmpty():
			// Releases of Terraform differ in whether a splat of nothing fails where one of
			// something would.
			out := residual(ev.sources.splice(e.Range(), []piece{{e.Source.Range(), src.empty()}}), precSplat, cty.DynamicPseudoType, true)
			out.Sensitive = src.Sensitive
			return out
		case diags != nil:
			return ev.failure(e, diags, src)
		}
		out := ev.fold(e, v, src)
		out.Dropped = src.Dropped
		return out
	}
	if elems, ok := src.splatted(); ok && !src.Sensitive {
		out := make([]Result, 0, len(elems))
		for _, el := range elems {
			r := ev.eval(e.Each, &scope{parent: s, anon: map[*hclsyntax.AnonSymbolExpr]Result{e.Item: el.value}})
			if r.Err != nil {
				return r
			}
			out = append(out, r)
		}
		made := tupleOf(out)
		if src.declared && (src.Type.IsListType() || src.Type.IsSetType()) && !made.Known() {
			made = asList(made, cty.Map(cty.DynamicPseudoType), alikeMembers(made.Type))
		}
		return made
	}
	item := residual("", precTerm, elementType(src.Type), false)
	item.Object = src.Members
	each := ev.eval(e.Each, &scope{parent: s, anon: map[*hclsyntax.AnonSymbolExpr]Result{e.Item: item}})
	out := residual(ev.sources.splice(e.Range(), []piece{{e.Source.Range(), ev.putOperand(e.Source, src, precTerm)}}), precSplat, cty.List(typeOrDynamic(each.Type)), src.Changed)
	out.Sensitive, out.NotNull, out.loose, out.guessed = anySensitive(src, each), true, src.loose && ev.asked(e.Source) < members, true
	if src.declared && (src.Type.IsListType() || src.Type.IsSetType()) {
		out.declared, out.mixed, out.guessed = true, src.mixes(), false // a splat of a list is one
	}
	out.exact = ev.asked(e) >= exactly
	out.inside, out.perhaps = !topSensitive(src), perhaps(src, each) || !topSensitive(src)
	return out
}

// splatted returns the members that a splat goes over: those of a list or set,
// or the one value that is neither.
func (r Result) splatted() ([]element, bool) {
	list := r.Tuple || r.Known() && (r.Type.IsListType() || r.Type.IsSetType() || r.Type.IsTupleType())
	switch {
	case list:
		return r.elements()
	case r.IsNull():
		return nil, true
	case r.Known() || r.Attrs != nil && r.source == "":
		return []element{{value: r.moved()}}, true
	}
	return nil, false
}

func typeOrDynamic(t cty.Type) cty.Type {
	if t == cty.NilType {
		return cty.DynamicPseudoType
	}
	return t
}
