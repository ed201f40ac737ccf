package vet

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"

	"github.com/bpgen/bpgen/generator/functions"
	"github.com/bpgen/bpgen/generator/lang"
)

// infer walks an expression, reports references that do not resolve, and
// returns its type: cty.DynamicPseudoType where it depends on more than the
// code says. Types of constructed objects and tuples are built only when need
// is set, as most of them are large and nobody looks at them.
func (sc *scope) infer(e hclsyntax.Expression, need bool) cty.Type {
	switch e := e.(type) {
	case *hclsyntax.LiteralValueExpr:
		return e.Val.Type()
	case *hclsyntax.TemplateExpr:
		return sc.template(e)
	case *hclsyntax.TemplateWrapExpr:
		return sc.infer(e.Wrapped, need)
	case *hclsyntax.TemplateJoinExpr:
		sc.infer(e.Tuple, false)
		return cty.String
	case *hclsyntax.ParenthesesExpr:
		return sc.infer(e.Expression, need)
	case *hclsyntax.ScopeTraversalExpr:
		return sc.reference(e.Traversal)
	case *hclsyntax.RelativeTraversalExpr:
		at := sc.relaxed(func() bool { return sc.spells(e.Source, localsDeep) })
		if sc.maybe && writtenOut(e.Source) {
			at = sc.with(func(c *scope) { c.lenient = true })
		}
		return at.walk(sc.infer(e.Source, true), e.Traversal, func(int) string { return "this value" })
	case *hclsyntax.FunctionCallExpr:
		return sc.call(e)
	case *hclsyntax.ConditionalExpr:
		sc.infer(e.Condition, false)
		in := sc.arm()
		t, f := in.infer(e.TrueResult, need), in.infer(e.FalseResult, need)
		if need && t.Equals(f) {
			return t
		}
		return cty.DynamicPseudoType
	case *hclsyntax.IndexExpr:
		return sc.index(e)
	case *hclsyntax.TupleConsExpr:
		return sc.tuple(e, need)
	case *hclsyntax.ObjectConsExpr:
		return sc.object(e, need)
	case *hclsyntax.ForExpr:
		return sc.forExpr(e, need)
	case *hclsyntax.SplatExpr:
		return sc.splat(e)
	case *hclsyntax.AnonSymbolExpr:
		for a := sc.anon; a != nil; a = a.up {
			if a.symbol == e {
				return a.ty
			}
		}
	case *hclsyntax.BinaryOpExpr:
		sc.infer(e.LHS, false)
		sc.infer(e.RHS, false)
		return e.Op.Type
	case *hclsyntax.UnaryOpExpr:
		sc.infer(e.Val, false)
		return e.Op.Type
	}
	return cty.DynamicPseudoType
}

func (sc *scope) template(e *hclsyntax.TemplateExpr) cty.Type {
	for _, part := range e.Parts {
		if ty := sc.infer(part, true); !ty.IsPrimitiveType() && ty != cty.DynamicPseudoType && !sc.lenient && !sc.maybe {
			sc.find(ruleWrongType, part.Range(), "Not a string", "Only strings, numbers and bools can be interpolated, and this is %s. Refer to one of its attributes or elements, or use jsonencode or join.", friendly(ty))
		}
	}
	return cty.String
}

func (sc *scope) tuple(e *hclsyntax.TupleConsExpr, need bool) cty.Type {
	var types []cty.Type
	for _, x := range e.Exprs {
		if ty := sc.infer(x, need); need {
			types = append(types, ty)
		}
	}
	if need {
		return cty.Tuple(types)
	}
	return cty.DynamicPseudoType
}

// object infers the values of an object. Its type is known when all keys are.
func (sc *scope) object(e *hclsyntax.ObjectConsExpr, need bool) cty.Type {
	types := map[string]cty.Type{}
	for _, item := range e.Items {
		key, ok := sc.itemKey(item)
		ty := sc.infer(item.ValueExpr, need)
		if need = need && ok; need {
			types[key] = ty
		}
	}
	if need {
		return cty.Object(types)
	}
	return cty.DynamicPseudoType
}

// writtenOut says whether e is a list or object that the code spells out.
func writtenOut(e hclsyntax.Expression) bool {
	switch e := e.(type) {
	case *hclsyntax.ParenthesesExpr:
		return writtenOut(e.Expression)
	case *hclsyntax.ObjectConsExpr, *hclsyntax.TupleConsExpr:
		return true
	}
	return false
}

// arm returns the scope of an arm of a conditional.
func (sc *scope) arm() *scope {
	return sc.with(func(c *scope) { c.maybe, c.guarded = true, true })
}

// localsDeep is how many local values are followed to what stands behind them.
const localsDeep = 3

// spells says whether the code spells out the members of a collection. Members
// that it spells out need not all have what an expression over one of them asks
// for behind a condition.
func (sc *scope) spells(e hclsyntax.Expression, deep int) bool {
	switch e := e.(type) {
	case *hclsyntax.ParenthesesExpr:
		return sc.spells(e.Expression, deep)
	case *hclsyntax.ObjectConsExpr, *hclsyntax.TupleConsExpr:
		return true
	case *hclsyntax.ConditionalExpr:
		return sc.spells(e.TrueResult, deep) || sc.spells(e.FalseResult, deep)
	case *hclsyntax.ForExpr:
		return sc.spells(e.CollExpr, deep)
	case *hclsyntax.FunctionCallExpr:
		return slices.ContainsFunc(e.Args, func(a hclsyntax.Expression) bool { return sc.spells(a, deep) })
	case *hclsyntax.IndexExpr:
		return sc.spells(e.Collection, deep)
	case *hclsyntax.RelativeTraversalExpr:
		return sc.spells(e.Source, deep)
	case *hclsyntax.ScopeTraversalExpr:
		return sc.spellsReference(e.Traversal, deep)
	}
	return false
}

func (sc *scope) spellsReference(t hcl.Traversal, deep int) bool {
	for f := sc.vars; f != nil; f = f.up {
		if f.name == t.RootName() {
			return f.spelled
		}
	}
	name, _ := lang.Step(t, 1)
	switch t.RootName() {
	case "each":
		return name == "value" && sc.spelled
	case "local":
		l := sc.m.locals[name]
		return l != nil && deep > 0 && sc.m.scope("").spells(l.attr.Expr, deep-1)
	}
	return false
}

// relaxed returns the scope for asking something of what the code spells out,
// where a condition may guard that.
func (sc *scope) relaxed(spelled func() bool) *scope {
	if !sc.guarded || sc.lenient || !spelled() {
		return sc
	}
	return sc.with(func(c *scope) { c.lenient = true })
}

// itemKey returns the key of an object's item when the code itself names it,
// and walks it otherwise.
func (sc *scope) itemKey(item hclsyntax.ObjectConsItem) (string, bool) {
	if key, ok := item.KeyExpr.(*hclsyntax.ObjectConsKeyExpr); ok {
		if word := hcl.ExprAsKeyword(key.Wrapped); word != "" && !key.ForceNonLiteral {
			return word, true
		}
		if s, ok := literalString(key.Wrapped); ok {
			return s, true
		}
		sc.infer(key.Wrapped, false)
		return "", false
	}
	sc.infer(item.KeyExpr, false)
	return "", false
}

// wanted are the programs that a module of a target runs in.
var wanted = map[string]functions.Cores{"terraform": functions.Terraform, "opentofu": functions.OpenTofu, "both": functions.Terraform | functions.OpenTofu}

var programs = map[functions.Cores]string{functions.Terraform: "Terraform", functions.OpenTofu: "OpenTofu"}

func (sc *scope) call(e *hclsyntax.FunctionCallExpr) cty.Type {
	name := functions.Name(e.Name)
	about, ok := functions.Lookup(name)
	result := about.Result
	if !ok && !namespaced(name) {
		sc.find(ruleUnknownFunction, e.NameRange, "Unknown function", "There is no function %q.%s", name, known(name, functions.Names()))
	}
	if missing := wanted[sc.run.opts.Target] &^ about.Cores; ok && missing != 0 {
		sc.find(ruleUnknownFunction, e.NameRange, "Function that the target lacks", "%s has no function %q, and the module is rendered for it. Avoid the function, or choose another target.", programs[missing], name)
	}
	in := sc
	if name == "try" || name == "can" {
		in = sc.with(func(c *scope) { c.lenient = true })
	}
	first := cty.DynamicPseudoType
	for i, arg := range e.Args {
		ty := in.infer(arg, i == 0 && passesType(name))
		if i == 0 {
			first = ty
		}
	}
	switch name {
	case "one", "element":
		return elementOf(first)
	case "values":
		return listOf(elementOf(first))
	case "keys":
		return cty.List(cty.String)
	case "tolist", "distinct", "reverse", "slice":
		return listOf(elementOf(first))
	case "toset":
		if elem := elementOf(first); elem != cty.DynamicPseudoType {
			return cty.Set(elem)
		}
	case "sensitive", "nonsensitive", "ephemeralasnull":
		return first
	}
	return result
}

func namespaced(name string) bool {
	for i := range len(name) - 1 {
		if name[i] == ':' && name[i+1] == ':' {
			return true
		}
	}
	return false
}

func passesType(name string) bool {
	switch name {
	case "one", "element", "values", "tolist", "toset", "distinct", "reverse", "slice", "sensitive", "nonsensitive", "ephemeralasnull":
		return true
	}
	return false
}

// elementOf returns the type of every element of a collection, or
// cty.DynamicPseudoType when they differ or are not known.
func elementOf(ty cty.Type) cty.Type {
	switch {
	case ty == cty.DynamicPseudoType:
	case ty.IsCollectionType():
		return ty.ElementType()
	case ty.IsTupleType():
		types := ty.TupleElementTypes()
		for _, t := range types {
			if !t.Equals(types[0]) {
				return cty.DynamicPseudoType
			}
		}
		if len(types) > 0 {
			return types[0]
		}
	case ty.IsObjectType():
		elem := cty.NilType
		for _, t := range ty.AttributeTypes() {
			if elem != cty.NilType && !t.Equals(elem) {
				return cty.DynamicPseudoType
			}
			elem = t
		}
		if elem != cty.NilType {
			return elem
		}
	}
	return cty.DynamicPseudoType
}

func listOf(elem cty.Type) cty.Type {
	if elem == cty.DynamicPseudoType {
		return elem
	}
	return cty.List(elem)
}

// keyOf returns the type of the keys of a collection in a for expression.
func keyOf(ty cty.Type) cty.Type {
	switch {
	case ty == cty.DynamicPseudoType:
		return ty
	case ty.IsListType(), ty.IsTupleType():
		return cty.Number
	case ty.IsSetType():
		return ty.ElementType()
	}
	return cty.String
}

func (sc *scope) forExpr(e *hclsyntax.ForExpr, need bool) cty.Type {
	coll := sc.infer(e.CollExpr, true)
	in := sc.bind(e.ValVar, elementOf(coll), sc.spells(e.CollExpr, localsDeep))
	in.maybe, in.guarded = true, in.guarded || e.CondExpr != nil
	if e.KeyVar != "" {
		in = in.bind(e.KeyVar, keyOf(coll), false)
	}
	if e.CondExpr != nil {
		in.infer(e.CondExpr, false)
	}
	if e.KeyExpr != nil {
		in.infer(e.KeyExpr, false)
	}
	val := in.infer(e.ValExpr, need)
	switch {
	case !need || e.Group || val.HasDynamicTypes():
		return cty.DynamicPseudoType
	case e.KeyExpr != nil:
		return cty.Map(val)
	}
	return cty.List(val)
}

func (sc *scope) splat(e *hclsyntax.SplatExpr) cty.Type {
	if res := sc.whole(e.Source); res != nil && res.each == byKey {
		sc.find(ruleInstanceKey, e.MarkerRange, "Splat over for_each",
			"%s has for_each, so it is a map of instances, and [*] would wrap that map in a one-element list. Use values(%s)[*].", res.Address(), res.Address())
	}
	src := sc.infer(e.Source, true)
	item := src
	switch {
	case src == cty.DynamicPseudoType:
	case src.IsListType(), src.IsSetType(), src.IsTupleType():
		item = elementOf(src)
	}
	in := sc.with(func(c *scope) { c.anon = &anonymous{symbol: e.Item, ty: item, up: sc.anon} })
	return listOf(in.infer(e.Each, true))
}

// whole returns the resource that an expression names without more.
func (sc *scope) whole(e hclsyntax.Expression) *Resource {
	t, ok := e.(*hclsyntax.ScopeTraversalExpr)
	if !ok || sc.bound(t.Traversal.RootName()) {
		return nil
	}
	return sc.m.resources[text(t.Traversal)]
}

func (sc *scope) index(e *hclsyntax.IndexExpr) cty.Type {
	if res := sc.whole(e.Collection); res != nil && res.each == once && sc.constant == "" {
		sc.noInstances(res.Address(), e.BracketRange)
	}
	coll := sc.infer(e.Collection, true)
	sc.infer(e.Key, false)
	switch {
	case coll == cty.DynamicPseudoType:
	case coll.IsSetType():
		sc.setIndex(e.BracketRange, "this value")
	case coll.IsListType(), coll.IsMapType():
		return coll.ElementType()
	case coll.IsTupleType():
		return elementOf(coll)
	}
	return cty.DynamicPseudoType
}

func (sc *scope) setIndex(rng hcl.Range, what string) {
	if !sc.lenient {
		sc.find(ruleUnknownAttribute, rng, "A set has no order", "%s is a set, whose elements have no index. Use one(...) if there is exactly one element, tolist(...)[0], or a for expression.", capital(what))
	}
}

// walk follows steps from a value of a type. what names the value that step i
// applies to.
func (sc *scope) walk(ty cty.Type, steps hcl.Traversal, what func(i int) string) cty.Type {
	for i, step := range steps {
		if ty == cty.DynamicPseudoType {
			return ty
		}
		switch s := step.(type) {
		case hcl.TraverseAttr:
			ty = sc.attributeType(ty, s.Name, s.SrcRange, what, i)
		case hcl.TraverseIndex:
			ty = sc.elementType(ty, s, what, i)
		default:
			return cty.DynamicPseudoType
		}
	}
	return ty
}

// attributeType returns the type of an attribute of the value that step i applies
// to.
func (sc *scope) attributeType(ty cty.Type, name string, rng hcl.Range, what func(i int) string, i int) cty.Type {
	switch {
	case ty.IsMapType():
		return ty.ElementType()
	case ty.IsObjectType() && ty.HasAttribute(name):
		return ty.AttributeType(name)
	case !sc.lenient:
		sc.noAttribute(ty, name, rng, what(i))
	}
	return cty.DynamicPseudoType
}

// elementType returns the type of the element at a known index of the value that
// step i applies to.
func (sc *scope) elementType(ty cty.Type, at hcl.TraverseIndex, what func(i int) string, i int) cty.Type {
	switch {
	case ty.IsSetType():
		sc.setIndex(at.SrcRange, what(i))
	case ty.IsMapType():
		return ty.ElementType()
	case ty.IsListType() || ty.IsTupleType():
		n, ok := position(at.Key)
		switch {
		case !ok && !sc.lenient:
			sc.find(ruleUnknownAttribute, at.SrcRange, "Not a list index", "%s is a list, so its index must be a number: [0] is the first element.", capital(what(i)))
		case ok && ty.IsListType():
			return ty.ElementType()
		case ok && 0 <= n && n < ty.Length():
			return ty.TupleElementType(n)
		}
	case ty.IsObjectType() && at.Key.Type() == cty.String:
		return sc.attributeType(ty, at.Key.AsString(), at.SrcRange, what, i)
	case !sc.lenient:
		sc.find(ruleUnknownAttribute, at.SrcRange, "Nothing to index", "%s is %s, which has no elements.", capital(what(i)), friendly(ty))
	}
	return cty.DynamicPseudoType
}

// position reads an index of a list; Terraform converts strings of digits.
func position(key cty.Value) (int, bool) {
	n, err := convert.Convert(key, cty.Number)
	if err != nil || n.IsNull() {
		return 0, false
	}
	i, _ := n.AsBigFloat().Int64()
	return int(i), true
}

func (sc *scope) noAttribute(ty cty.Type, name string, rng hcl.Range, what string) {
	switch {
	case ty.IsObjectType():
		sc.find(ruleUnknownAttribute, rng, "Unknown attribute", "%s has no attribute %q.%s", capital(what), name, known(name, sortedNames(ty.AttributeTypes())))
	case ty.IsSetType():
		sc.find(ruleUnknownAttribute, rng, "Attribute of a set", "%s is a set, so %q is an attribute of its elements: use one(%s).%s if there is exactly one, or %s[*].%s for all.", what, name, what, name, what, name)
	case ty.IsListType() || ty.IsTupleType():
		sc.find(ruleUnknownAttribute, rng, "Attribute of a list", "%s is a list, so %q is an attribute of its elements: use %s[0].%s for the first, or %s[*].%s for all.", what, name, what, name, what, name)
	default:
		sc.find(ruleUnknownAttribute, rng, "Unknown attribute", "%s is %s, which has no attributes.", capital(what), friendly(ty))
	}
}

// friendly names a type with its article. What is written in brackets is a list
// to everyone but cty.
func friendly(ty cty.Type) string {
	if ty.IsTupleType() {
		return "a list of values"
	}
	name := ty.FriendlyNameForConstraint()
	switch name[0] {
	case 'a', 'e', 'i', 'o', 'u':
		return "an " + name
	}
	return "a " + name
}

// fits checks an expression against the type that is asked for, as deep as the
// code itself shows the value, so that the range is that of the wrong element.
func (sc *scope) fits(e hclsyntax.Expression, want cty.Type, what string) {
	if want == cty.NilType || want == cty.DynamicPseudoType {
		sc.infer(e, false)
		return
	}
	switch e := e.(type) {
	case *hclsyntax.ParenthesesExpr:
		sc.fits(e.Expression, want, what)
		return
	case *hclsyntax.ConditionalExpr:
		sc.infer(e.Condition, false)
		in := sc.arm()
		in.fits(e.TrueResult, want, what)
		in.fits(e.FalseResult, want, what)
		return
	case *hclsyntax.TupleConsExpr:
		switch {
		case want.IsListType() || want.IsSetType():
			for _, x := range e.Exprs {
				sc.fits(x, want.ElementType(), "an element of "+what)
			}
			return
		case want.IsTupleType() && len(e.Exprs) == want.Length():
			for i, x := range e.Exprs {
				sc.fits(x, want.TupleElementType(i), "an element of "+what)
			}
			return
		}
	case *hclsyntax.ObjectConsExpr:
		switch {
		case want.IsMapType():
			for _, item := range e.Items {
				sc.itemKey(item)
				sc.fits(item.ValueExpr, want.ElementType(), "an element of "+what)
			}
			return
		case want.IsObjectType():
			sc.fitsObject(e, want, what)
			return
		}
	case *hclsyntax.LiteralValueExpr:
		if !e.Val.IsNull() {
			sc.fitsValue(e.Val, e.SrcRange, want, what)
		}
		return
	case *hclsyntax.TemplateExpr:
		if s, ok := literalString(e); ok {
			sc.fitsValue(cty.StringVal(s), e.SrcRange, want, what)
			return
		}
	}
	got := sc.infer(e, true)
	if !convertible(got, want) {
		sc.find(ruleWrongType, e.Range(), "Wrong type", "%s must be %s, and this is %s.%s", capital(what), friendly(want), friendly(got), hint(got, want))
	}
}

func (sc *scope) fitsValue(v cty.Value, rng hcl.Range, want cty.Type, what string) {
	if _, err := convert.Convert(v, want); err != nil {
		shown := friendly(v.Type())
		if v.Type() == cty.String {
			shown = "the string " + quoted(v.AsString())
		}
		sc.find(ruleWrongType, rng, "Wrong type", "%s must be %s, and this is %s.%s", capital(what), friendly(want), shown, hint(v.Type(), want))
	}
}

func (sc *scope) fitsObject(e *hclsyntax.ObjectConsExpr, want cty.Type, what string) {
	types := want.AttributeTypes()
	seen := map[string]bool{}
	dynamic := false
	for _, item := range e.Items {
		key, ok := sc.itemKey(item)
		if !ok {
			dynamic = true
			sc.infer(item.ValueExpr, false)
			continue
		}
		seen[key] = true
		if ty, ok := types[key]; ok {
			sc.fits(item.ValueExpr, ty, quoted(key)+" of "+what)
			continue
		}
		sc.infer(item.ValueExpr, false)
		sc.find(ruleDroppedAttribute, item.KeyExpr.Range(), "Attribute has no effect", "%s is an object without an attribute %q, so Terraform ignores the value.%s", capital(what), key, known(key, sortedNames(types)))
	}
	if dynamic {
		return
	}
	for _, name := range sortedNames(types) {
		if !seen[name] && !want.AttributeOptional(name) {
			sc.find(ruleWrongType, e.OpenRange, "Missing attribute", "%s needs the attribute %q (%s).", capital(what), name, types[name].FriendlyNameForConstraint())
		}
	}
}

// convertible says whether some value of a type may be converted. Objects of
// references are exact and need every attribute that is asked for.
func convertible(got, want cty.Type) bool {
	return got == cty.DynamicPseudoType || got.Equals(want) || convert.GetConversionUnsafe(got, want) != nil
}

// hint says what is mostly meant when one kind of type stands for another.
func hint(got, want cty.Type) string {
	listLike := got.IsListType() || got.IsSetType() || got.IsTupleType()
	switch {
	case want.IsPrimitiveType() && got.IsObjectType() && got.HasAttribute("id") && want == cty.String:
		return " Did you mean one of its attributes, such as .id or .arn?"
	case want.IsPrimitiveType() && listLike:
		return " Did you mean one of its elements, such as [0]?"
	case (want.IsListType() || want.IsSetType()) && (got.IsPrimitiveType() || got.IsObjectType()):
		return " Put it in brackets: [ ... ]."
	}
	return ""
}

// capital starts a sentence, unless the first word is a name of the code.
func capital(s string) string {
	first, _, more := strings.Cut(s, " ")
	if !more || strings.ContainsAny(first, "._") || s[0] < 'a' || 'z' < s[0] {
		return s
	}
	return string(s[0]-32) + s[1:]
}

func quoted(s string) string { return `"` + s + `"` }
