package vet

import (
	"slices"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/schema"
)

// unknownInstances reports a count or for_each that depends on what the provider
// only says when it has made a resource: Terraform must know the instances to plan.
func (sc *scope) unknownInstances(count, forEach *hclsyntax.Attribute) {
	u := unknowns{m: sc.m}
	if count != nil {
		if ref := u.value(count.Expr, 0); ref != "" {
			sc.find(ruleUnknownInstances, count.Expr.Range(), "Count is known only after apply", "The number of instances depends on %s, which is known only after the resource is created, so the first plan fails. Make count depend on configured values.", ref)
		}
	}
	if forEach != nil {
		if ref := u.keys(forEach.Expr, 0); ref != "" {
			sc.find(ruleUnknownInstances, forEach.Expr.Range(), "Keys are known only after apply", "The keys of the instances depend on %s, which is known only after the resource is created, so the first plan fails. Use configured keys, such as { a = %s }, where only the value is unknown, or use count with length().", ref, ref)
		}
	}
}

// unknowns finds what is known only after apply. Each of its methods returns the
// reference that makes it so, "" when nothing certainly does.
type unknowns struct {
	m     *Module
	loops []loop // from the outside in
}

// A loop binds the name of a for expression to the members of a collection.
type loop struct {
	name string
	over hclsyntax.Expression
}

// mostUnknown is how deep unknowns looks.
const mostUnknown = 12

// value is about a value as a whole.
func (u *unknowns) value(x hclsyntax.Expression, depth int) string {
	if depth > mostUnknown {
		return ""
	}
	depth++
	switch x := x.(type) {
	case *hclsyntax.ParenthesesExpr:
		return u.value(x.Expression, depth)
	case *hclsyntax.TemplateWrapExpr:
		return u.value(x.Wrapped, depth)
	case *hclsyntax.TemplateExpr:
		return first(x.Parts, depth, u.value)
	case *hclsyntax.UnaryOpExpr:
		return u.value(x.Val, depth)
	case *hclsyntax.BinaryOpExpr:
		if x.Op == hclsyntax.OpLogicalAnd || x.Op == hclsyntax.OpLogicalOr {
			return "" // the other operand may decide
		}
		if isNull(x.LHS) || isNull(x.RHS) {
			return "" // a provider may say at once that it is not null
		}
		return first([]hclsyntax.Expression{x.LHS, x.RHS}, depth, u.value)
	case *hclsyntax.ConditionalExpr:
		return u.value(x.Condition, depth)
	case *hclsyntax.ScopeTraversalExpr:
		return u.reference(x, depth)
	}
	return ""
}

// A look is one of the ways of unknowns to look at an expression.
type look func(x hclsyntax.Expression, depth int) string

// first returns what the first expression of which there is something to say says.
func first(all []hclsyntax.Expression, depth int, look look) string {
	for _, x := range all {
		if ref := look(x, depth); ref != "" {
			return ref
		}
	}
	return ""
}

// local looks at what a local value as a whole stands for. There no loop binds
// names.
func (u *unknowns) local(x *hclsyntax.ScopeTraversalExpr, depth int, look look) string {
	name, _ := lang.Step(x.Traversal, 1)
	def := u.m.Local(name)
	if x.Traversal.RootName() != "local" || len(x.Traversal) != 2 || def == nil {
		return ""
	}
	loops := u.loops
	u.loops = nil
	defer func() { u.loops = loops }()
	return look(def, depth)
}

// reference is about a local value, the name of a loop or an attribute.
func (u *unknowns) reference(x *hclsyntax.ScopeTraversalExpr, depth int) string {
	t := x.Traversal
	for _, l := range slices.Backward(u.loops) {
		if l.name != t.RootName() {
			continue
		}
		if len(t) == 1 {
			return u.members(l.over, depth)
		}
		over, ok := l.over.(*hclsyntax.ScopeTraversalExpr)
		attr, named := lang.Step(t, 1)
		if !ok || !named || len(over.Traversal) != 2 {
			return ""
		}
		return u.attribute(over.Traversal, attr)
	}
	if t.RootName() == "local" {
		return u.local(x, depth, u.value)
	}
	at := 2
	if len(t) > 2 {
		if _, ok := t[2].(hcl.TraverseIndex); ok {
			at = 3
		}
	}
	if attr, ok := lang.Step(t, at); ok && len(t) == at+1 {
		return u.attribute(t[:2], attr)
	}
	return ""
}

// attribute is about an attribute of a managed resource.
func (u *unknowns) attribute(t hcl.Traversal, name string) string {
	typ := t.RootName()
	label, ok := lang.Step(t, 1)
	res := u.m.resources[typ+"."+label]
	if !ok || res == nil || res.Kind != schema.KindResource || res.Schema == nil {
		return ""
	}
	a := res.Schema.Attributes[name]
	if a == nil || !a.Computed || a.Optional && name != "id" || res.Block.Body.Attributes[name] != nil || plannedAttributes[typ+"."+name] || !a.Type.IsPrimitiveType() {
		return ""
	}
	return typ + "." + label + "." + name
}

// plannedAttributes are computed, but said by the provider when it plans.
var plannedAttributes = map[string]bool{"terraform_data.output": true}

// members is about the members of a list or set, or the values of a map.
func (u *unknowns) members(x hclsyntax.Expression, depth int) string {
	if depth > mostUnknown {
		return ""
	}
	depth++
	switch x := x.(type) {
	case *hclsyntax.ParenthesesExpr:
		return u.members(x.Expression, depth)
	case *hclsyntax.TupleConsExpr:
		return first(x.Exprs, depth, u.value)
	case *hclsyntax.SplatExpr:
		source, isReference := x.Source.(*hclsyntax.ScopeTraversalExpr)
		each, isAttribute := x.Each.(*hclsyntax.RelativeTraversalExpr)
		if !isReference || !isAttribute || len(source.Traversal) != 2 || len(each.Traversal) != 1 {
			return ""
		}
		if name, ok := each.Traversal[0].(hcl.TraverseAttr); ok {
			return u.attribute(source.Traversal, name.Name)
		}
	case *hclsyntax.ForExpr:
		if x.KeyExpr == nil {
			return u.within(x, func() string { return u.value(x.ValExpr, depth) })
		}
	case *hclsyntax.ConditionalExpr:
		return first([]hclsyntax.Expression{x.TrueResult, x.FalseResult}, depth, u.members)
	case *hclsyntax.FunctionCallExpr:
		if slices.Contains(keeping, x.Name) {
			return first(x.Args, depth, u.members)
		}
	case *hclsyntax.ScopeTraversalExpr:
		return u.local(x, depth, u.members)
	}
	return ""
}

// keeping are the functions whose result has the members of their arguments.
var keeping = []string{"toset", "tolist", "concat", "distinct", "compact", "setunion", "sort", "reverse"}

// within looks at a part of a for expression, where its value has a name.
func (u *unknowns) within(x *hclsyntax.ForExpr, look func() string) string {
	u.loops = append(u.loops, loop{x.ValVar, x.CollExpr})
	if x.KeyVar != "" {
		u.loops = append(u.loops, loop{x.KeyVar, &hclsyntax.LiteralValueExpr{}})
	}
	ref := look()
	u.loops = u.loops[:len(u.loops)-1]
	if x.KeyVar != "" {
		u.loops = u.loops[:len(u.loops)-1]
	}
	return ref
}

// keys is about the keys of what for_each is given: those of a map, or the members
// of a set.
func (u *unknowns) keys(x hclsyntax.Expression, depth int) string {
	if depth > mostUnknown {
		return ""
	}
	depth++
	switch x := x.(type) {
	case *hclsyntax.ParenthesesExpr:
		return u.keys(x.Expression, depth)
	case *hclsyntax.ObjectConsExpr:
		return u.written(x, depth)
	case *hclsyntax.ForExpr:
		if x.KeyExpr != nil {
			return u.within(x, func() string { return u.value(x.KeyExpr, depth) })
		}
	case *hclsyntax.ConditionalExpr:
		return first([]hclsyntax.Expression{x.TrueResult, x.FalseResult}, depth, u.keys)
	case *hclsyntax.FunctionCallExpr:
		switch x.Name {
		case "toset", "setunion":
			return u.members(x, depth)
		case "merge", "tomap":
			return first(x.Args, depth, u.keys)
		case "zipmap":
			if len(x.Args) == 2 {
				return u.members(x.Args[0], depth)
			}
		}
	case *hclsyntax.ScopeTraversalExpr:
		return u.local(x, depth, u.keys)
	}
	return ""
}

// written is about the keys of an object as they stand there.
func (u *unknowns) written(x *hclsyntax.ObjectConsExpr, depth int) string {
	for _, it := range x.Items {
		key, ok := it.KeyExpr.(*hclsyntax.ObjectConsKeyExpr)
		if !ok || !key.ForceNonLiteral && hcl.ExprAsKeyword(key.Wrapped) != "" {
			continue
		}
		if ref := u.value(key.Wrapped, depth); ref != "" {
			return ref
		}
	}
	return ""
}
