package notes

import (
	"context"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/functions"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/vet"
)

// This file works out what expressions are worth that value.go cannot read off the
// code: calls of functions, loops, conditions. A variable is worth its default then,
// and what rests on it carries a mark, so that a rule can tell what the code says from
// what it says unless somebody sets the variable.

// presumed marks what rests on the default of a variable that a caller may set.
type presumed struct{ at hcl.Range }

// made marks what holds a text that stands in for a variable without a default.
type made struct{}

// standIn is a text that no configuration holds.
const standIn = "\uE000"

// bindings are what each, count and the iterators of dynamic blocks stand for.
type bindings map[string]cty.Value

func (b bindings) with(name string, v cty.Value) bindings {
	out := bindings{name: v}
	for k, old := range b {
		if k != name {
			out[k] = old
		}
	}
	return out
}

// table holds the functions of the language. It is never changed.
var table = sync.OnceValue(functions.Table)

// An evaluation keeps what was worked out of a module.
type evaluation struct {
	budget  *budget.Budget
	known   map[hclsyntax.Expression]cty.Value
	vars    map[string]cty.Value
	working map[hclsyntax.Expression]bool // what needs itself is unknown
}

// eval returns the value of an expression; what is not known is unknown.
func (m *module) eval(x hclsyntax.Expression, in bindings) cty.Value {
	if at := m.home(x); at != m {
		return at.eval(x, nil)
	}
	if m.evaluation == nil {
		m.evaluation = &evaluation{budget.Series(context.Background(), "the module"), map[hclsyntax.Expression]cty.Value{}, map[string]cty.Value{}, map[hclsyntax.Expression]bool{}}
	}
	if t, ok := x.(*hclsyntax.ScopeTraversalExpr); ok {
		if v, named := m.direct(t.Traversal, in); named {
			return v
		}
	}
	e := m.evaluation
	if v, ok := e.known[x]; ok && len(in) == 0 {
		return v
	}
	if e.working[x] {
		return cty.DynamicVal
	}
	e.working[x] = true
	v, diags := e.budget.Part("the module").Evaluate(x, &hcl.EvalContext{Variables: m.names(x, in), Functions: table()})
	delete(e.working, x)
	if diags.HasErrors() {
		v = cty.DynamicVal
	}
	if len(in) == 0 {
		e.known[x] = v
	}
	return v
}

// direct returns what a name stands for that an instance of a block gives, or that of a
// variable, for which the evaluator is not needed.
func (m *module) direct(t hcl.Traversal, in bindings) (cty.Value, bool) {
	root := t.RootName()
	if in[root] == cty.NilVal {
		name := stepName(t, 1)
		if root != "var" || name == "" {
			return cty.NilVal, false
		}
		in = bindings{"var": cty.ObjectVal(map[string]cty.Value{name: m.variable(name)})}
	}
	v, diags := t.TraverseAbs(&hcl.EvalContext{Variables: in})
	if diags.HasErrors() {
		return cty.DynamicVal, true
	}
	return v, true
}

// names returns what the names in an expression stand for.
func (m *module) names(x hclsyntax.Expression, in bindings) map[string]cty.Value {
	out := map[string]cty.Value{}
	sets := map[string]map[string]cty.Value{}
	put := func(root, name string, v cty.Value) {
		if sets[root] == nil {
			sets[root] = map[string]cty.Value{}
		}
		sets[root][name] = v
	}
	traversals := lang.Variables(x)
	for _, t := range traversals {
		root, name := t.RootName(), stepName(t, 1)
		given, isGiven := in[root]
		switch {
		case isGiven:
			out[root] = given
		case name == "":
			out[root] = cty.DynamicVal
		case root == "var":
			put(root, name, m.variable(name))
		case root == "local":
			v := cty.DynamicVal
			if l := m.Local(name); l != nil {
				v = m.eval(l, nil)
			}
			put(root, name, v)
		case root == "module":
			put(root, name, m.outputs(traversals, name))
		case root == "data" || root == "each" || root == "count" || root == "self" || root == "path" || root == "terraform":
			out[root] = cty.DynamicVal
		default:
			put(root, name, m.argument(traversals, t))
		}
	}
	for root, of := range sets {
		if _, ok := out[root]; !ok {
			out[root] = cty.ObjectVal(of)
		}
	}
	return out
}

// outputs returns what a module that is called gives, as far as traversals name it.
func (m *module) outputs(all []hcl.Traversal, call string) cty.Value {
	out := map[string]cty.Value{}
	for _, t := range all {
		if t.RootName() != "module" || stepName(t, 1) != call {
			continue
		}
		name := stepName(t, 2)
		if name == "" {
			return cty.DynamicVal // one of several
		}
		out[name] = cty.DynamicVal
		if x := m.Output(call, name); x != nil {
			out[name] = m.eval(x, nil)
		}
	}
	return cty.ObjectVal(out)
}

// argument returns a resource with the arguments of it that traversals name, as
// far as the resource is one and gives them.
func (m *module) argument(all []hcl.Traversal, t hcl.Traversal) cty.Value {
	r, _ := m.refer(t)
	if r == nil {
		return cty.DynamicVal
	}
	here := m.thing(r).certainly()
	switch {
	case here.never:
		return cty.EmptyTupleVal
	case r.Repeated() && !here.once:
		return cty.DynamicVal
	}
	attrs := map[string]cty.Value{}
	for _, other := range all {
		if same, attr := m.refer(other); same == r {
			if attr == "" {
				return cty.DynamicVal
			}
			attrs[attr] = cty.DynamicVal
			if a := r.Block.Body.Attributes[attr]; a != nil {
				attrs[attr] = m.eval(a.Expr, nil)
			}
		}
	}
	if r.Repeated() {
		return cty.TupleVal([]cty.Value{cty.ObjectVal(attrs)})
	}
	return cty.ObjectVal(attrs)
}

// variable returns what a variable is worth: what the one call of the module sets it
// to, or its default.
func (m *module) variable(name string) cty.Value {
	v, ok := m.evaluation.vars[name]
	if !ok {
		v = m.worthOf(name)
		m.evaluation.vars[name] = v
	}
	return v
}

func (m *module) worthOf(name string) cty.Value {
	ty := m.TypeOf(name)
	if x := m.Given(name); x != nil {
		if v, ok := m.Converted(name, m.eval(x, nil)); ok {
			return v
		}
		return cty.UnknownVal(ty)
	}
	if v, at, ok := m.Default(name); ok {
		return v.Mark(presumed{at})
	}
	if ty == cty.String {
		return cty.StringVal(standIn).Mark(made{})
	}
	return cty.UnknownVal(ty)
}

// A worth is a value and what it rests on.
type worth struct {
	cty.Value
	at          hcl.Range // where it is written down: an argument, or the default that it comes from
	fromDefault bool      // it rests on a default
	made        bool      // it holds a made up text
}

// weigh takes the marks off a value.
func weigh(v cty.Value, at hcl.Range) worth {
	v, marks := v.UnmarkDeep()
	w := worth{Value: v, at: at}
	for mark := range marks {
		switch mark := mark.(type) {
		case made:
			w.made = true
		case presumed:
			if !w.fromDefault {
				w.at = mark.at
			} else {
				w.at = at // of several none is to blame
			}
			w.fromDefault = true
		}
	}
	return w
}

// certain returns the value of an expression when it rests on nothing but the code.
func (m *module) certain(x hclsyntax.Expression) (cty.Value, bool) {
	if v := m.eval(x, nil); !v.ContainsMarked() && v.IsWhollyKnown() {
		return v, true
	}
	return cty.NilVal, false
}

// worth returns the value of an argument when it is known, and where it is written
// down. With a rule that looks at defaults that may be in a variable.
func (a arg) worth() (cty.Value, hcl.Range, bool) {
	if len(a.in) == 0 {
		if v, ok := a.m.value(a.expr, 0); ok {
			return v, a.m.place(a.expr), true
		}
		if !a.presume {
			return cty.NilVal, hcl.Range{}, false
		}
	}
	w := weigh(a.m.eval(a.expr, a.in), a.expr.Range())
	if !w.IsWhollyKnown() || w.made || w.fromDefault && !a.presume || w.Type() == cty.String && strings.Contains(textOf(w.Value), standIn) {
		return cty.NilVal, hcl.Range{}, false
	}
	return w.Value, w.at, true
}

// place returns where a value is written down: what the call of the module sets a
// variable to, and not where that is used.
func (m *module) place(x hclsyntax.Expression) hcl.Range {
	for range maxSteps {
		t, ok := x.(*hclsyntax.ScopeTraversalExpr)
		if !ok || t.Traversal.RootName() != "var" {
			break
		}
		next := m.home(x).origin(t.Traversal)
		if next == nil {
			break
		}
		x = next
	}
	return x.Range()
}

// maxInstances bounds how many instances of a block are looked at.
const maxInstances = 500

// An instance is what for_each or count gives one instance of a block.
type instance struct{ key, value cty.Value }

// instances returns the members of a collection that a block goes over; ok is false
// when they are not known.
func (t thing) instances(x hclsyntax.Expression) (out []instance, ok bool) {
	v := t.m.eval(x, t.in)
	v, marks := v.Unmark()
	if len(marks) > 0 && !t.presume || !v.IsKnown() || v.IsNull() || !v.CanIterateElements() || v.LengthInt() > maxInstances {
		return nil, false
	}
	for it := v.ElementIterator(); it.Next(); {
		k, e := it.Element()
		if v.Type().IsSetType() {
			k = e
		}
		out = append(out, instance{k, e})
	}
	return out, true
}

// copies returns the instances of a resource, each a thing of its own; ok is false
// when they are not known, and then the resource stands for all of them.
func (t thing) copies() (out []thing, ok bool) {
	if called := t.m.presence(); !called.once {
		return []thing{t}, false
	}
	if a := t.body.Attributes["for_each"]; a != nil {
		each, ok := t.instances(a.Expr)
		if !ok {
			return []thing{t}, false
		}
		for _, i := range each {
			one := t
			one.in = t.in.with("each", cty.ObjectVal(map[string]cty.Value{"key": i.key, "value": i.value}))
			out = append(out, one)
		}
		return out, true
	}
	a := t.body.Attributes["count"]
	if a == nil {
		return []thing{t}, true
	}
	n, _, known := arg{t, a.Expr}.worth()
	count, isNumber := numberOf(n)
	if !known || !isNumber || count > maxInstances {
		return []thing{t}, false
	}
	for i := range int(count) {
		one := t
		one.in = t.in.with("count", cty.ObjectVal(map[string]cty.Value{"index": cty.NumberIntVal(int64(i))}))
		out = append(out, one)
	}
	return out, true
}

// A presence says how many instances there are of a resource or of a module.
type presence struct {
	sure      bool // their number is certain
	once      bool // exactly one, for certain
	never     bool // none, for certain
	byDefault bool // none, unless somebody sets a variable
}

// presenceOf reads count and for_each.
func (m *module) presenceOf(b *hclsyntax.Body) presence {
	if a := b.Attributes["count"]; a != nil {
		v, marks := m.chosen(a.Expr).Unmark()
		n, ok := numberOf(v)
		sure := ok && len(marks) == 0
		return presence{sure, sure && n == 1, sure && n == 0, ok && n == 0}
	}
	a := b.Attributes["for_each"]
	if a == nil {
		return presence{sure: true, once: true}
	}
	v, marks := m.chosen(a.Expr).Unmark()
	known := v.IsKnown() && !v.IsNull() && v.CanIterateElements()
	none := known && v.LengthInt() == 0
	return presence{sure: known && len(marks) == 0, never: none && len(marks) == 0, byDefault: none}
}

// chosen is eval for a choice of which an arm that is not taken may be unknown.
func (m *module) chosen(x hclsyntax.Expression) cty.Value {
	in, x := m.settled(x)
	return in.eval(x, nil)
}

// and returns the presence of what is in something else.
func (p presence) and(in presence) presence {
	return presence{p.sure && in.sure, p.once && in.once, p.never || in.never, p.byDefault || in.byDefault}
}

// presence says how many instances of the module there are.
func (m *module) presence() presence {
	if m.called != nil {
		return *m.called
	}
	m.called = &presence{} // a call that asks for itself is not known
	by, call := m.Caller()
	p := presence{sure: m.Callers() == 0, once: m.Callers() == 0}
	if call != nil {
		in := moduleOf(by)
		p = in.presenceOf(call.Body).and(in.presence())
	}
	m.called = &p
	return p
}

// presence says how many instances of a resource there are in all.
func (t thing) presence() presence {
	if !t.res.Repeated() {
		return t.m.presence()
	}
	p, known := t.m.presences[t.res]
	if !known {
		if t.m.presences == nil {
			t.m.presences = map[*vet.Resource]presence{}
		}
		t.m.presences[t.res] = presence{} // what asks for itself is not known
		p = t.m.presenceOf(t.res.Block.Body).and(t.m.presence())
		t.m.presences[t.res] = p
	}
	return p
}

// certainly is presence, but for what is not worth working out: in a module that nobody
// calls, how many instances there are hangs on who will, or stands there as a literal.
func (t thing) certainly() presence {
	if t.res.Repeated() && t.m.Callers() == 0 {
		a := t.res.Block.Body.Attributes["count"]
		if a == nil {
			return presence{}
		}
		if _, literal := a.Expr.(*hclsyntax.LiteralValueExpr); !literal {
			return presence{}
		}
	}
	return t.presence()
}

// gone says whether a resource has no instance by default.
func (t thing) gone() bool { return t.presence().byDefault }

// repeated says whether there may be several instances of a resource.
func (t thing) repeated() bool { return !t.certainly().once }

// repetition is where the number of a resource's instances is written down.
func (t thing) repetition() hcl.Range {
	a := t.body.Attributes["count"]
	if a == nil {
		return t.rng
	}
	t.in = nil
	_, at, _ := arg{t, a.Expr}.worth()
	if at.Filename == "" {
		return t.rng
	}
	return at
}

// moduleOf returns a module of vet with what the rules keep of it.
func moduleOf(m *vet.Module) *module {
	return m.Keep(kept{}, func() any { return &module{Module: m} }).(*module) //nolint:forcetypeassert // Made in the same line.
}
