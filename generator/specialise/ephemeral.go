package specialise

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/diag"
	"github.com/bpgen/bpgen/generator/functions"
)

// A Lifetime says how long Terraform keeps a value.
type Lifetime int

const (
	// Lasting values may stand in plans and states.
	Lasting Lifetime = iota
	// Ephemeral values are such by what the linked module calls them.
	Ephemeral
	// Unmarked values are ephemeral in the template, but what they are bound to is
	// not, so that bpgen has to see to it.
	Unmarked
)

// Lifetimes answers how long what references lead to is kept.
type Lifetimes interface {
	// Lifetime returns that of a reference to anything but a local value.
	Lifetime(ref hcl.Traversal) Lifetime
	// Local returns the expression of a local value, nil without one.
	Local(name string) hclsyntax.Expression
}

const asNull = "ephemeralasnull"

// lifetime returns that of the value of x: the shortest of what it refers to
// outside of ephemeralasnull.
func (ev *evaluator) lifetime(x hclsyntax.Expression) Lifetime {
	if ev.lifetimes == nil {
		return Lasting
	}
	w := &lifetimeWalker{of: ev.lifetimes, seen: map[string]bool{}}
	hclsyntax.Walk(x, w)
	return w.found
}

type lifetimeWalker struct {
	of     Lifetimes
	local  []map[string]struct{} // names that the expression itself binds
	asNull int                   // how many calls of ephemeralasnull are around
	seen   map[string]bool       // local values
	found  Lifetime
}

// Enter implements hclsyntax.Walker.
func (w *lifetimeWalker) Enter(n hclsyntax.Node) hcl.Diagnostics {
	switch n := n.(type) {
	case hclsyntax.ChildScope:
		w.local = append(w.local, n.LocalNames)
	case *hclsyntax.FunctionCallExpr:
		if isCall(n, asNull) {
			w.asNull++
		}
	case *hclsyntax.ScopeTraversalExpr:
		w.reference(n.Traversal)
	}
	return nil
}

// Exit implements hclsyntax.Walker.
func (w *lifetimeWalker) Exit(n hclsyntax.Node) hcl.Diagnostics {
	switch n := n.(type) {
	case hclsyntax.ChildScope:
		w.local = w.local[:len(w.local)-1]
	case *hclsyntax.FunctionCallExpr:
		if isCall(n, asNull) {
			w.asNull--
		}
	}
	return nil
}

func (w *lifetimeWalker) reference(ref hcl.Traversal) {
	bound := func(names map[string]struct{}) bool { _, ok := names[ref.RootName()]; return ok }
	if w.asNull > 0 || slices.ContainsFunc(w.local, bound) {
		return
	}
	if ref.RootName() != "local" {
		w.found = max(w.found, w.of.Lifetime(ref))
		return
	}
	name, _ := stepKey(secondStep(ref))
	if w.seen[name] {
		return
	}
	w.seen[name] = true
	if x := w.of.Local(name); x != nil {
		outer := w.local
		w.local = nil
		hclsyntax.Walk(x, w)
		w.local = outer
	}
}

func secondStep(ref hcl.Traversal) hcl.Traverser {
	if len(ref) > 1 {
		return ref[1]
	}
	return nil
}

func isCall(e *hclsyntax.FunctionCallExpr, name string) bool {
	return functions.Name(e.Name) == name
}

// ephemeralAsNull folds a call over what is ephemeral in the template alone.
func (ev *evaluator) ephemeralAsNull(e *hclsyntax.FunctionCallExpr, s *scope) (Result, bool) {
	if len(e.Args) != 1 || e.ExpandFinal || ev.lifetime(e.Args[0]) != Unmarked {
		return Result{}, false
	}
	return ev.withNulls(e.Args[0], s), true
}

// withNulls returns x with null for all that is ephemeral in it.
func (ev *evaluator) withNulls(x hclsyntax.Expression, s *scope) Result {
	switch of := ev.lifetime(x); {
	case of == Lasting:
		return ev.eval(x, s)
	case of == Ephemeral:
		r := ev.eval(x, s)
		if r.Err == nil {
			r = wrapCall(asNull, r, r.Type)
			r.NotNull = false
		}
		return r
	}
	switch x := x.(type) {
	case *hclsyntax.ParenthesesExpr:
		return ev.withNulls(x.Expression, s)
	case *hclsyntax.TupleConsExpr:
		elems := make([]Result, len(x.Exprs))
		for i, el := range x.Exprs {
			elems[i] = ev.withNulls(el, s)
		}
		if bad, ok := firstErr(elems...); ok {
			return bad
		}
		return tupleOf(elems)
	case *hclsyntax.ObjectConsExpr:
		if r, ok := ev.objectWithNulls(x, s); ok {
			return r
		}
	case *hclsyntax.ScopeTraversalExpr:
		if name, ok := stepKey(secondStep(x.Traversal)); ok && len(x.Traversal) == 2 && x.Traversal.RootName() == "local" {
			if behind := ev.lifetimes.Local(name); behind != nil {
				return ev.withNulls(behind, nil)
			}
		}
	}
	r := ev.eval(x, s)
	if r.Err != nil {
		return r
	}
	t := typeOrDynamic(r.Type)
	if !sureType(t) {
		t = cty.DynamicPseudoType
	}
	return knownResult(cty.NullVal(t))
}

func (ev *evaluator) objectWithNulls(x *hclsyntax.ObjectConsExpr, s *scope) (Result, bool) {
	attrs := map[string]Result{}
	var keys []string
	for _, it := range x.Items {
		k := ev.eval(it.KeyExpr, s)
		key, ok := keyString(k.Val)
		if !ok || k.Err != nil || ev.lifetime(it.KeyExpr) != Lasting {
			return Result{}, false
		}
		v := ev.withNulls(it.ValueExpr, s)
		if v.Err != nil {
			return v, true
		}
		if _, twice := attrs[key]; !twice {
			keys = append(keys, key)
		}
		attrs[key] = v
	}
	return objectOf(keys, attrs), true
}

// Lifetime implements Lifetimes for the template.
func (c *component) Lifetime(ref hcl.Traversal) Lifetime {
	switch ref.RootName() {
	case "ephemeral":
		return Ephemeral
	case "var":
		name, _ := stepKey(secondStep(ref))
		v := c.in.Template.Variable(name)
		_, bound := c.in.Bound[name]
		bound = bound || c.call != nil
		switch {
		case v == nil || !v.Ephemeral:
		case bound:
			return Unmarked
		default:
			return Ephemeral
		}
	}
	return Lasting
}

// Local implements Lifetimes for the template.
func (c *component) Local(name string) hclsyntax.Expression {
	if l := c.in.Template.Locals[name]; l != nil {
		return l.Attr.Expr
	}
	return nil
}

// transient says whether the template, or a module that it calls, may give an
// argument a value that is not kept.
func transient(b *hclsyntax.Block, a *hclsyntax.Attribute) bool {
	switch b.Type {
	case "provisioner", "connection", "module", "precondition", "postcondition", "assert", "validation", "output":
		return true
	}
	return strings.HasSuffix(a.Name, "_wo") // what Terraform's providers call a write-only argument
}

// lasts reports a value that Terraform would refuse to keep, which it could not
// see in the linked module.
func (c *component) lasts(x hclsyntax.Expression, place string) {
	if c.ev.lifetime(x) == Unmarked {
		c.report(diag.Error(x.Range(), "Ephemeral value in the state", "An ephemeral variable of the template reaches %s, which Terraform stores in its state. Use ephemeralasnull(), or remove \"ephemeral\" from the variable.", place))
	}
}

// Lifetime returns how long the value of an expression of a blueprint is kept,
// where of answers for what it refers to.
func (e *Evaluator) Lifetime(x hclsyntax.Expression, of Lifetimes) Lifetime {
	ev := *e.ev
	ev.lifetimes = of
	return ev.lifetime(x)
}
