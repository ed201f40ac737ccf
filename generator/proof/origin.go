package proof

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/lang"
)

// An origin is an expression with what its names stand for.
type origin struct {
	expr hclsyntax.Expression
	in   scope
}

// repeated says whether an expression names what differs between objects.
func repeated(at origin) bool {
	return slices.ContainsFunc(lang.Traversals(at.expr, nil), func(t hcl.Traversal) bool { _, bound := at.in.vars[t.RootName()]; return bound })
}

// source returns the expression that a value comes from: by way of local values,
// defaults of variables, each, iterators and for expressions, of merge and other
// functions that pass a value on, down the keys. It fails where a value is made of
// others, and returns the expression itself where that is all there is.
func (m *Module) source(at origin, down []cty.Value) (origin, bool) {
	return m.trace(at, down, 64)
}

func (m *Module) trace(at origin, down []cty.Value, deep int) (origin, bool) {
	if deep == 0 {
		return origin{}, false
	}
	next := func(x hclsyntax.Expression, in scope, down []cty.Value) (origin, bool) {
		return m.trace(origin{x, in}, down, deep-1)
	}
	switch x := at.expr.(type) {
	case *hclsyntax.ParenthesesExpr:
		return next(x.Expression, at.in, down)
	case *hclsyntax.TemplateWrapExpr:
		return next(x.Wrapped, at.in, down)
	case *hclsyntax.ScopeTraversalExpr:
		return m.traced(at, x.Traversal, down, deep)
	case *hclsyntax.RelativeTraversalExpr:
		return next(x.Source, at.in, append(stepsOf(x.Traversal), down...))
	case *hclsyntax.IndexExpr:
		return next(x.Collection, at.in, append([]cty.Value{m.eval(x.Key, at.in)}, down...))
	case *hclsyntax.ConditionalExpr:
		v := m.eval(x.Condition, at.in)
		if !known(v) || v.IsNull() || v.Type() != cty.Bool {
			break
		}
		if len(down) == 0 && !repeated(at) {
			break // the choice is the value
		}
		if v.True() {
			return next(x.TrueResult, at.in, down)
		}
		return next(x.FalseResult, at.in, down)
	case *hclsyntax.ObjectConsExpr:
		if len(down) == 0 {
			break
		}
		for _, item := range x.Items {
			if k := m.eval(item.KeyExpr, at.in); known(k) && same(k, down[0]) {
				return next(item.ValueExpr, at.in, down[1:])
			}
		}
		return origin{}, false
	case *hclsyntax.TupleConsExpr:
		if len(down) == 0 {
			break
		}
		if i, ok := number(down[0]); ok && int(i) < len(x.Exprs) {
			return next(x.Exprs[i], at.in, down[1:])
		}
		return origin{}, false
	case *hclsyntax.ForExpr:
		if len(down) > 0 {
			return m.element(at, x, down, deep)
		}
	case *hclsyntax.FunctionCallExpr:
		if out, ok := m.passed(at, x, down, deep); ok || len(down) > 0 {
			return out, ok
		}
	}
	return at, len(down) == 0
}

// traced follows a reference.
func (m *Module) traced(at origin, t hcl.Traversal, down []cty.Value, deep int) (origin, bool) {
	root, name := t.RootName(), lang.FirstStep(t, 1)
	if from := at.in.refs["\x01"+root]; from != nil {
		return m.key(at, origin{from, at.in.without(root)}, at.in.vars["\x01"+root], deep)
	}
	if from := at.in.refs[root]; from != nil {
		v := at.in.vars[root]
		keyed := cty.NilVal
		steps := t[1:]
		if v != cty.NilVal && v.Type().IsObjectType() && v.Type().HasAttribute("key") && (name == "key" || name == "value") {
			keyed, steps = v.GetAttr("key"), t[2:]
		} else if key, ok := at.in.vars["\x00"+root]; ok { // of a for expression
			keyed, name = key, "value"
		}
		if keyed == cty.NilVal || !known(keyed) {
			return at, len(down) == 0
		}
		if name == "key" {
			return m.key(at, origin{from, at.in.without(root)}, keyed, deep)
		}
		out, ok := m.trace(origin{from, at.in.without(root)}, slices.Concat([]cty.Value{keyed}, stepsOf(steps), down), deep-1)
		if !ok && len(down) == 0 {
			return at, true
		}
		return out, ok
	}
	var to hclsyntax.Expression
	switch root {
	case "local":
		to = m.locals[name]
	case "var":
		if _, given := m.given[name]; given || len(m.blocks["variable."+name]) == 0 {
			break
		}
		if def := m.blocks["variable."+name][0].Body.Attributes["default"]; def != nil {
			to = def.Expr
		}
	}
	if to == nil {
		return at, len(down) == 0
	}
	out, ok := m.trace(origin{to, scope{}}, slices.Concat(stepsOf(t[2:]), down), deep-1)
	if !ok && len(down) == 0 {
		return at, true
	}
	return out, ok
}

// key returns the key of an object that is written out, or the expression itself.
func (m *Module) key(at, of origin, key cty.Value, deep int) (origin, bool) {
	from, ok := m.trace(of, nil, deep-1)
	if list, isList := from.expr.(*hclsyntax.ObjectConsExpr); ok && isList {
		for _, item := range list.Items {
			if k := m.eval(item.KeyExpr, from.in); known(k) && same(k, key) {
				return origin{item.KeyExpr, from.in}, true
			}
		}
	}
	return at, true
}

func stepsOf(t hcl.Traversal) []cty.Value {
	var out []cty.Value
	for _, step := range t {
		switch s := step.(type) {
		case hcl.TraverseAttr:
			out = append(out, cty.StringVal(s.Name))
		case hcl.TraverseIndex:
			out = append(out, s.Key)
		}
	}
	return out
}

// without returns the scope around what binds a name.
func (s scope) without(name string) scope {
	out := scope{map[string]cty.Value{}, map[string]hclsyntax.Expression{}}
	for k, v := range s.vars {
		if k != name && k != "\x00"+name && k != "\x01"+name {
			out.vars[k], out.refs[k] = v, s.refs[k]
		}
	}
	return out
}

// element finds what a for expression makes for a key.
func (m *Module) element(at origin, x *hclsyntax.ForExpr, down []cty.Value, deep int) (origin, bool) {
	coll := m.eval(x.CollExpr, at.in)
	if !coll.IsKnown() || coll.IsNull() || !coll.CanIterateElements() {
		return origin{}, false
	}
	place := int64(-1)
	for it := coll.ElementIterator(); it.Next(); {
		k, v := it.Element()
		in := at.in.add(x.ValVar, v, x.CollExpr)
		in = in.add("\x00"+x.ValVar, k, nil)
		if x.KeyVar != "" {
			in = in.add(x.KeyVar, k, nil).add("\x01"+x.KeyVar, k, x.CollExpr)
		}
		if x.CondExpr != nil {
			if c := m.eval(x.CondExpr, in); !known(c) || c.IsNull() || c.Type() != cty.Bool || c.False() {
				continue
			}
		}
		place++
		key := cty.NumberIntVal(place)
		if x.KeyExpr != nil {
			key = m.eval(x.KeyExpr, in)
		}
		if known(key) && same(key, down[0]) {
			return m.trace(origin{x.ValExpr, in}, down[1:], deep-1)
		}
	}
	return origin{}, false
}

// passed follows a value through a function that passes it on.
func (m *Module) passed(at origin, x *hclsyntax.FunctionCallExpr, down []cty.Value, deep int) (origin, bool) {
	switch {
	case len(x.Args) == 1 && slices.Contains([]string{"tomap", "tolist", "toset", "nonsensitive"}, x.Name):
		return m.trace(origin{x.Args[0], at.in}, down, deep-1)
	case x.Name == "lookup" && len(x.Args) == 3 && len(down) == 0:
		if out, ok := m.trace(origin{x.Args[0], at.in}, []cty.Value{m.eval(x.Args[1], at.in)}, deep-1); ok {
			return out, true
		}
		return m.trace(origin{x.Args[2], at.in}, nil, deep-1)
	case x.Name == "merge" && len(down) > 0:
		for i := range x.Args {
			arg := x.Args[len(x.Args)-1-i]
			if i > 0 || !x.ExpandFinal {
				if out, ok := m.trace(origin{arg, at.in}, down, deep-1); ok {
					return out, true
				}
				continue
			}
			all := m.eval(arg, at.in)
			n := 0
			if all.IsKnown() && !all.IsNull() && all.CanIterateElements() {
				n = all.LengthInt()
			}
			for j := range n {
				if out, ok := m.trace(origin{arg, at.in}, slices.Concat([]cty.Value{cty.NumberIntVal(int64(n - 1 - j))}, down), deep-1); ok {
					return out, true
				}
			}
		}
	}
	return origin{}, false
}
