package specialise

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
	"github.com/zclconf/go-cty/cty/function"

	"github.com/bpgen/bpgen/generator/functions"
)

func (ev *evaluator) call(e *hclsyntax.FunctionCallExpr, s *scope) Result {
	name := functions.Name(e.Name)
	switch name {
	case "try":
		return ev.try(e, s)
	case "can":
		return ev.can(e, s)
	case asNull:
		if out, ok := ev.ephemeralAsNull(e, s); ok {
			return out
		}
	}
	args := make([]Result, len(e.Args))
	var pieces []piece
	known := true
	for i, a := range e.Args {
		args[i] = ev.eval(a, s)
		if args[i].Err != nil {
			return args[i]
		}
		known = known && args[i].Known()
		if args[i].Changed {
			pieces = append(pieces, piece{a.Range(), ev.putArgument(name, a, args[i])})
		}
	}
	_, foldable := ev.funcs[e.Name]
	if known && foldable {
		return ev.callKnown(e, args, pieces)
	}
	about, _ := functions.Lookup(name)
	if choosesOrJoins(name) {
		ev.doubt(e, args...)
	}
	pieces = ev.alikePieces(e, name, args, pieces)
	if !e.ExpandFinal && foldable && (givesAll[name] || !ev.anyMayFail(s, args...)) {
		if out, ok := ev.callShaped(e, args); ok {
			return out
		}
	}
	out := residual(ev.sources.splice(e.Range(), pieces), precTerm, ev.returnType(e, args), len(pieces) > 0)
	out.NotNull, out.exact = about.Has(functions.NeverNull), ev.asked(e) >= exactly
	out.loose = len(pieces) > 0 && !out.exact
	out.declared = (keepsType(name, args) || len(args) == 1 && (name == "sensitive" || name == "nonsensitive") && honest(args[0])) && (sureType(out.Type) || out.Type.IsCollectionType())
	out.guessed = (about.Has(functions.Passes) || name == "keys" || name == "values") && slices.ContainsFunc(args, func(a Result) bool { return a.guessed })
	out.mixed = out.loose && slices.ContainsFunc(args, untyped)
	return marked(gathered(out, name, args), name, args)
}

// gathered says of the result of a call what is known of its members.
func gathered(out Result, name string, args []Result) Result {
	switch name {
	case "merge":
		if !sureType(out.Type) {
			return ofMembers(out, args)
		}
	case "flatten":
		if len(args) == 1 {
			out.members = leafOf(args[0])
		}
	case "tolist", "toset", "tomap":
		if args[0].isHollow() {
			return out.withLoop(args[0].loop.text)
		}
	}
	return out
}

// putArgument is put for an argument of a function.
func (ev *evaluator) putArgument(name string, x hclsyntax.Expression, r Result) string {
	if name == "sensitive" && r.source != "" && ev.asked(x) >= exactly {
		return r.speltMember(exactly) // a null that is converted loses the mark
	}
	return ev.put(x, r)
}

// marked says of the result of a call whether it is sensitive.
func marked(out Result, name string, args []Result) Result {
	about, _ := functions.Lookup(name)
	switch {
	case name == "sensitive":
		out.Sensitive = true
	case about.Has(functions.Unveils):
	case about.Has(functions.Shallow):
		out.Sensitive = slices.ContainsFunc(args, topSensitive)
	default:
		out.Sensitive, out.perhaps = anySensitive(args...), perhaps(args...)
		if out.Sensitive && !slices.ContainsFunc(args, topSensitive) {
			out.perhaps = out.perhaps || about.Has(functions.Passes) || slices.Contains([]string{"one", "lookup", "element", "coalesce", "contains", "index"}, name)
		}
	}
	return out
}

// untyped says whether a null in the text of a result has no type, so that members
// of its type are not alike.
func untyped(r Result) bool {
	if !r.Known() {
		for _, a := range r.Attrs {
			if untyped(a) {
				return true
			}
		}
		return r.mixes() || slices.ContainsFunc(r.Elems, untyped)
	}
	found := false
	v, _ := r.Val.UnmarkDeep()
	_ = cty.Walk(v, func(_ cty.Path, e cty.Value) (bool, error) {
		found = found || e.IsNull()
		return !found, nil
	})
	return found && r.text == ""
}

// ofMembers notes of what merge makes what its members are, where they are all of
// one type: whether it is a map or an object stays open.
func ofMembers(out Result, args []Result) Result {
	types := make([]cty.Type, len(args))
	for i, a := range args {
		types[i] = memberType(a.Type)
	}
	if elem := sameType(types...); sureType(elem) {
		out.members = &elem
	}
	return out
}

// leafOf returns the type of what flatten finds in r, nil where it is not all of one
// plain type, or where that is not known.
func leafOf(r Result) *cty.Type {
	switch t := typeOrDynamic(r.Type); {
	case r.leaf != nil:
		return r.leaf
	case t.IsPrimitiveType():
		return &t
	case r.Tuple && len(r.Elems) > 0:
		leaf := leafOf(r.Elems[0])
		for _, e := range r.Elems[1:] {
			if of := leafOf(e); leaf == nil || of == nil || !of.Equals(*leaf) {
				return nil
			}
		}
		return leaf
	case t.IsListType() || t.IsSetType():
		return leafOf(Result{Type: t.ElementType()})
	}
	return nil
}

func (ev *evaluator) callKnown(e *hclsyntax.FunctionCallExpr, args []Result, pieces []piece) Result {
	c := *e
	c.Args = make([]hclsyntax.Expression, len(args))
	f, declared := ev.funcs[e.Name]
	for i, a := range args {
		v := a.Val
		if declared && !(e.ExpandFinal && i == len(args)-1) {
			v = alike(v, parameterType(f, i))
		}
		c.Args[i] = lit(v, e.Args[i].Range())
	}
	if fault := ev.toll(e, args); fault != nil {
		return failed(fault)
	}
	v, diags := ev.native(&c)
	if diags != nil {
		return ev.failure(e, diags, args...)
	}
	if !finite(v) {
		return residual(ev.sources.splice(e.Range(), pieces), precTerm, v.Type(), len(pieces) > 0)
	}
	out := ev.fold(e, v, args...)
	if !out.Known() {
		out.text, out.prec = ev.sources.splice(e.Range(), pieces), precTerm
		out.Changed = len(pieces) > 0
		return out
	}
	if about, _ := functions.Lookup(e.Name); out.Changed && about.Has(functions.Readable) {
		out.text = ev.sources.splice(e.Range(), pieces)
	}
	return out
}

// givesAll lists the functions that callShaped folds without leaving out an
// argument that may fail.
var givesAll = map[string]bool{"concat": true, "coalesce": true, "tostring": true, "tonumber": true, "tobool": true}

// callShaped folds calls that need only the shape of their arguments.
func (ev *evaluator) callShaped(e *hclsyntax.FunctionCallExpr, args []Result) (Result, bool) {
	if len(args) == 0 || anySensitive(args...) {
		return Result{}, false
	}
	name := functions.Name(e.Name)
	switch name {
	case "concat":
		return concat(args)
	case "merge":
		return merge(args)
	case "coalesce":
		return ev.coalesce(e, args)
	case "element":
		return elementAt(args)
	case "lookup":
		return lookup(args)
	}
	if len(args) != 1 {
		return Result{}, false
	}
	switch first := args[0]; name {
	case "length":
		if elems, ok := first.elements(); ok {
			return knownResult(cty.NumberIntVal(int64(len(elems)))), true
		}
	case "one":
		if first.Tuple && len(first.Elems) == 1 {
			return changed(first.Elems[0]), true
		}
	case "keys":
		return keys(first)
	case "values":
		return values(first)
	case "tostring", "tonumber", "tobool":
		if conversion(first.Type) == name && first.Changed {
			return first, true
		}
	}
	return Result{}, false
}

// elementAt folds element over a list whose elements are at hand.
func elementAt(args []Result) (Result, bool) {
	list := args[0]
	i, ok := keyIndex(lastVal(args))
	if !ok || i < 0 || len(args) != 2 || !list.Tuple || len(list.Elems) == 0 {
		return Result{}, false
	}
	return changed(list.Elems[i%len(list.Elems)]), true
}

// keys folds keys over an object or map whose members are at hand.
func keys(of Result) (Result, bool) {
	if of.Attrs == nil || !of.NotNull {
		return Result{}, false
	}
	var out []cty.Value
	for _, k := range sortedKeys(of.Attrs) {
		out = append(out, cty.StringVal(k))
	}
	return asList(knownResult(cty.TupleVal(out)), of.Type, cty.String), true
}

// values folds values over an object or map whose members are at hand.
func values(of Result) (Result, bool) {
	elems, ok := of.elements()
	if !ok || of.Attrs == nil {
		return Result{}, false
	}
	var out []Result
	for _, el := range elems {
		out = append(out, el.value)
	}
	return asList(tupleOf(out), of.Type, elementType(of.Type)), true
}

// lookup folds lookup with a known key. A map converts the default to the type
// of its elements.
func lookup(args []Result) (Result, bool) {
	in := args[0]
	key, ok := keyString(secondVal(args))
	if !ok || len(args) != 3 || in.Attrs == nil || !in.NotNull {
		return Result{}, false
	}
	if r, ok := in.Attrs[key]; ok {
		return changed(r), true
	}
	other := args[2]
	if in.Type.IsMapType() {
		if c, err := coerce(other, in.Type.ElementType(), nil); err == nil {
			other = c
		}
	}
	return changed(other), true
}

// keepsType says whether a call has the type that the declared types of its
// arguments give it, whatever is in them when the module is applied.
func keepsType(name string, args []Result) bool {
	switch name {
	case "concat", "merge", "reverse", "slice", "values", "keys", "distinct", "setunion", "setintersection", "setsubtract", "tolist", "toset", "tomap":
		return !slices.ContainsFunc(args, func(a Result) bool {
			return !honest(a) || a.guessed || !a.Type.IsPrimitiveType() && !a.Type.IsCollectionType()
		})
	}
	return false
}

// alikePieces corrects the texts of arguments that a function makes alike, or
// that it converts to the type of another.
func (ev *evaluator) alikePieces(e *hclsyntax.FunctionCallExpr, name string, args []Result, pieces []piece) []piece {
	replace := func(i int, text string) {
		rng := e.Args[i].Range()
		pieces = append(slices.DeleteFunc(pieces, func(p piece) bool { return p.rng == rng }), piece{rng, text})
	}
	switch name {
	case "coalesce":
		for i := range args {
			if len(args) == 2 && args[i].typedBy(args[1-i]) {
				replace(i, args[i].Text())
			}
		}
	case "lookup":
		if len(args) != 3 || !args[0].Type.IsMapType() || args[0].guessed || !args[0].Changed || !args[0].Known() && args[0].exactText() {
			break
		}
		// A map would convert the default; the object that stands for it does not.
		if c, err := coerce(args[2], args[0].Type.ElementType(), nil); err == nil {
			if text := ev.putText(e.Args[2], c); text != args[2].Text() {
				replace(2, text)
			}
		}
	case "concat", "merge":
		for i, a := range args {
			if !e.ExpandFinal && ev.asked(e) >= members && a.isEmpty() && !a.Sensitive && len(pieces) > 0 && besides(args, i) {
				return ev.without(e, args, i)
			}
		}
		fallthrough
	case "setunion", "setintersection", "setsubtract":
		for i, text := range ev.alikeTexts(e, name, args) {
			replace(i, text)
		}
	}
	return pieces
}

// alikeTexts returns how arguments are written that a function makes alike, where
// their own texts would not do.
func (ev *evaluator) alikeTexts(e *hclsyntax.FunctionCallExpr, name string, args []Result) map[int]string {
	texts := map[int]string{}
	kind, typed := cty.Set, slices.ContainsFunc(args, openType)
	switch {
	case name == "merge":
		for i, a := range args {
			if typed && ev.asked(e) >= exactly && a.isEmpty() {
				texts[i] = a.empty() // of another type it would make an object of all
			}
		}
		return texts
	case name == "concat" && (ev.asked(e) == converts || slices.ContainsFunc(args, neverList)):
		return nil
	case name == "concat":
		kind, typed = cty.List, !sureType(sameType(typesOf(args)...))
	}
	for i, a := range args {
		if a.isHollow() && !sureType(sameType(elementTypes(args)...)) {
			texts[i] = a.spelt(precisely)
		}
	}
	if typed {
		maps.Copy(texts, typedArguments(args))
	}
	for i, c := range alikeMembersOf(args, kind) {
		texts[i] = ev.put(e.Args[i], c)
	}
	return texts
}

// neverList says whether a result is sure to be no list.
func neverList(r Result) bool { return !r.Type.IsListType() && r.Type != cty.DynamicPseudoType }

// besides says whether another argument has the type of argument i, so that the
// call gives the same without it.
func besides(args []Result, i int) bool {
	for j, a := range args {
		if j != i && !a.isEmpty() && sureType(a.Type) && a.Type.Equals(args[i].Type) {
			return true
		}
	}
	return false
}

// without leaves argument i out of a call, which is empty and has a type that
// cannot be written down.
func (ev *evaluator) without(e *hclsyntax.FunctionCallExpr, args []Result, i int) []piece {
	rng := hcl.RangeBetween(e.Args[0].Range(), e.Args[len(e.Args)-1].Range())
	var texts []string
	for j, a := range args {
		switch {
		case j == i || a.isEmpty() && !a.Sensitive && besides(args, j):
		case a.Changed:
			texts = append(texts, ev.putText(e.Args[j], a))
		default:
			texts = append(texts, ev.sources.text(e.Args[j].Range()))
		}
	}
	return []piece{{rng, strings.Join(texts, ", ")}}
}

// alikeMembersOf returns the arguments of a function that makes lists or sets
// alike which must be written as another type: the constant that makes them so
// does not say it, or a link does not that may be empty.
func alikeMembersOf(args []Result, kind func(elem cty.Type) cty.Type) map[int]Result {
	var types []cty.Type
	for _, a := range args {
		elem := elementType(a.Type)
		if !sureType(elem) {
			return nil
		}
		types = append(types, elem)
	}
	elem, _ := convert.UnifyUnsafe(types)
	open := func(a Result) bool { return !a.Known() && a.loosens() } // it may be empty, and then says nothing
	vague := slices.ContainsFunc(args, Result.vague)
	if elem == cty.NilType || !sureType(elem) || !vague && !slices.ContainsFunc(args, open) {
		return nil
	}
	out := map[int]Result{}
	for i, a := range args {
		if types[i].Equals(elem) || !vague && !a.Known() {
			continue
		}
		if c, err := coerce(a, kind(elem), nil); err == nil {
			out[i] = c
		}
	}
	return out
}

func elementTypes(rs []Result) []cty.Type {
	types := make([]cty.Type, len(rs))
	for i, r := range rs {
		types[i] = elementType(r.Type)
	}
	return types
}

func typesOf(rs []Result) []cty.Type {
	types := make([]cty.Type, len(rs))
	for i, r := range rs {
		types[i] = typeOrDynamic(r.Type)
	}
	return types
}

// openType says whether it is open what type a result has.
func openType(r Result) bool { return !r.Known() && !sureType(r.Type) }

// typedArguments returns the texts of arguments that a function makes alike, as
// lists, where it is open what the members of one are: those of the others must
// say it.
func typedArguments(args []Result) map[int]string {
	out := map[int]string{}
	for i, a := range args {
		switch {
		case a.isEmpty():
			out[i] = a.empty()
		case a.loosens() && !a.guessed && !a.isHollow():
			out[i] = a.spelt(exactly)
		}
	}
	return out
}

func changed(r Result) Result {
	r.Changed = true
	return r
}

func lastVal(args []Result) cty.Value { return args[len(args)-1].Val }

func secondVal(args []Result) cty.Value {
	if len(args) < 2 {
		return cty.NilVal
	}
	return args[1].Val
}

// concat joins lists that are written out; empty ones go.
func concat(args []Result) (Result, bool) {
	anyChanged := false
	var elems []Result
	for _, a := range args {
		anyChanged = anyChanged || a.Changed
		if !a.Tuple && !(a.Known() && !a.Val.IsNull() && (a.Type.IsTupleType() || a.Type.IsListType())) {
			return Result{}, false
		}
		members, ok := a.elements()
		if !ok {
			return Result{}, false
		}
		for _, m := range members {
			elems = append(elems, m.value)
		}
	}
	if !anyChanged {
		return Result{}, false
	}
	first := args[0].Type
	for _, a := range args {
		if first.IsListType() && a.Type.IsListType() && !a.Type.Equals(first) {
			return Result{}, false
		}
		if !a.Type.IsListType() {
			first = cty.DynamicPseudoType
		}
	}
	out := tupleOf(elems)
	if first.IsListType() {
		out = asList(out, cty.Map(first.ElementType()), first.ElementType())
	}
	return out, true
}

// asList says that what is written out is a list where it comes from a map: of
// an object it would be a tuple.
func asList(out Result, from, elem cty.Type) Result {
	if !from.IsMapType() || !sureType(elem) {
		return out
	}
	if out.Known() {
		if v, err := convertUnmarked(out.Val, cty.List(elem)); err == nil {
			return knownResult(v)
		}
		return out
	}
	out.Type, out.loose, out.declared = cty.List(elem), true, true
	return out
}

// merge joins objects and maps that are written out. Maps alone are left alone:
// merging them gives a map, whose meaning differs from an object's.
func merge(args []Result) (Result, bool) {
	if !slices.ContainsFunc(args, func(a Result) bool { return a.Type.IsObjectType() }) {
		return Result{}, false
	}
	anyChanged := false
	attrs := map[string]Result{}
	var keys []string
	for _, a := range args {
		anyChanged = anyChanged || a.Changed
		switch {
		case a.Attrs != nil && a.NotNull:
		case a.Known() && !a.Val.IsNull() && (a.Type.IsObjectType() || a.Type.IsMapType()):
		default:
			return Result{}, false
		}
		members, ok := a.elements()
		if !ok {
			return Result{}, false
		}
		for _, m := range members {
			key, ok := keyString(m.key.Val)
			if !ok {
				return Result{}, false
			}
			if _, twice := attrs[key]; !twice {
				keys = append(keys, key)
			}
			attrs[key] = m.value
		}
	}
	if !anyChanged {
		return Result{}, false
	}
	return objectOf(keys, attrs), true
}

// coalesce leaves out arguments that are known to be skipped.
func (ev *evaluator) coalesce(e *hclsyntax.FunctionCallExpr, args []Result) (Result, bool) {
	var left []Result
	for _, a := range args {
		if a.IsNull() || a.Known() && a.Type == cty.String && a.Val.AsString() == "" {
			continue
		}
		left = append(left, a)
	}
	if len(left) == len(args) || len(left) == 0 {
		return Result{}, false
	}
	left, ok := alikeAs(args, left)
	if !ok {
		return Result{}, false
	}
	if len(left) == 1 && sureType(left[0].Type) && left[0].NotNull {
		return changed(left[0]), true
	}
	var items []string
	for _, a := range left {
		items = append(items, a.Text())
	}
	out := residual("coalesce("+strings.Join(items, ", ")+")", precTerm, ev.returnType(e, left), true)
	out.NotNull = true
	return out, true
}

// alikeAs converts the arguments of coalesce that are left to the type that all
// of them have in common. It reports false when that may depend on one that is
// not left.
func alikeAs(all, left []Result) ([]Result, bool) {
	open := slices.ContainsFunc(left, func(a Result) bool { return !sureType(a.Type) })
	typ, ok := unifyAll(all)
	if !ok {
		return nil, false
	}
	if same, ok := unifyAll(left); ok && same.Equals(typ) && (open || slices.ContainsFunc(left, func(a Result) bool { return a.Type.Equals(typ) })) && len(left) > 1 {
		return left, true
	}
	if open {
		return nil, false
	}
	out := make([]Result, len(left))
	for i, a := range left {
		c, err := coerce(a, typ, nil)
		if err != nil {
			return nil, false
		}
		out[i] = c
	}
	return out, true
}

// unifyAll returns the type that those results have in common whose type is
// known.
func unifyAll(rs []Result) (cty.Type, bool) {
	typ := cty.DynamicPseudoType
	for _, r := range rs {
		switch {
		case !sureType(r.Type):
		case typ == cty.DynamicPseudoType:
			typ = r.Type
		default:
			if typ = unifyTypes(typ, r.Type); !sureType(typ) {
				return typ, false
			}
		}
	}
	return typ, true
}

// try leaves out the arguments that are sure to fail and stops at the first that
// is sure to succeed.
func (ev *evaluator) try(e *hclsyntax.FunctionCallExpr, s *scope) Result {
	var left []Result
	var leftExprs []hclsyntax.Expression
	changedAny := false
	var last Result
	s = &scope{parent: s, strict: true}
	for i, a := range e.Args {
		r := ev.eval(a, s)
		last = r
		changedAny = changedAny || r.Changed
		if r.Err != nil {
			changedAny = true
			continue
		}
		left, leftExprs = append(left, r), append(leftExprs, a)
		if ev.sure(r, s) {
			changedAny = changedAny || i < len(e.Args)-1
			break
		}
	}
	if len(left) == 0 {
		return last
	}
	if len(left) < len(e.Args) {
		ev.doubts++
	}
	ev.doubt(e, left...)
	if !changedAny && len(left) == len(e.Args) {
		out := residual(ev.sources.text(e.Range()), precTerm, ev.returnType(e, left), false)
		if left[0].Known() {
			return ev.unchanged(e, left[0].Val)
		}
		out.Sensitive, out.perhaps = anySensitive(left...), perhapsOneOf(left)
		return out
	}
	if len(left) == 1 && ev.sure(left[0], s) {
		return changed(left[0])
	}
	var items []string
	var types []cty.Type
	for i, r := range left {
		items = append(items, ev.putText(leftExprs[i], r))
		types = append(types, r.Type)
	}
	typ := sameType(types...)
	out := residual("try("+strings.Join(items, ", ")+")", precTerm, typ, true)
	out.exact = ev.asked(e) >= exactly
	out.loose = !out.exact && slices.ContainsFunc(left, Result.loosens)
	out.guessed = slices.ContainsFunc(left, func(r Result) bool { return r.guessed })
	if len(left) == len(e.Args) {
		var pieces []piece
		for i, r := range left {
			if r.Changed {
				pieces = append(pieces, piece{leftExprs[i].Range(), ev.putText(leftExprs[i], r)})
			}
		}
		out.text, out.Changed = ev.sources.splice(e.Range(), pieces), len(pieces) > 0
	}
	out.mixed = out.loose && slices.ContainsFunc(left, untyped)
	out.Sensitive, out.perhaps = anySensitive(left...), perhapsOneOf(left)
	return typedTry(out, left)
}

// typedTry notes how a try is written whose arguments keep their types.
func typedTry(out Result, left []Result) Result {
	if !out.loose || slices.ContainsFunc(left, Result.staysMixed) {
		return out
	}
	items := make([]string, len(left))
	for i, r := range left {
		items[i] = r.spelt(exactly)
	}
	out.typed, out.typedOf = "try("+strings.Join(items, ", ")+")", out.text
	return out
}

// perhapsOneOf is perhaps for results of which only one counts.
func perhapsOneOf(rs []Result) bool {
	return anySensitive(rs...) && slices.ContainsFunc(rs, func(r Result) bool { return !r.Sensitive || r.perhaps })
}

func (ev *evaluator) can(e *hclsyntax.FunctionCallExpr, s *scope) Result {
	if len(e.Args) != 1 {
		return residual(ev.sources.text(e.Range()), precTerm, cty.Bool, false)
	}
	s = &scope{parent: s, strict: true}
	r := ev.eval(e.Args[0], s)
	switch {
	case r.Err != nil:
		return knownResult(cty.False)
	case ev.sure(r, s):
		if !r.Changed {
			return ev.unchanged(e, cty.True)
		}
		return knownResult(cty.True)
	}
	var pieces []piece
	if r.Changed {
		pieces = []piece{{e.Args[0].Range(), r.Text()}}
	}
	return residual(ev.sources.splice(e.Range(), pieces), precTerm, cty.Bool, r.Changed)
}

// returnType returns what is known of a call's result.
func (ev *evaluator) returnType(e *hclsyntax.FunctionCallExpr, args []Result) cty.Type {
	f, ok := ev.funcs[e.Name]
	switch functions.Name(e.Name) {
	case "try":
		var types []cty.Type
		for _, a := range args {
			types = append(types, a.Type)
		}
		return sameType(types...)
	case "lookup":
		if args[0].guessed {
			return cty.DynamicPseudoType // an object does not convert the default
		}
	case "sensitive", "nonsensitive":
		if len(args) == 1 {
			return typeOrDynamic(args[0].Type)
		}
	case "tolist", "toset", "tomap":
		if len(args) == 1 && sureType(args[0].Type) {
			if elem := alikeMembers(args[0].Type); sureType(elem) {
				return withElement(map[string]cty.Type{"tolist": cty.List(elem), "toset": cty.Set(elem), "tomap": cty.Map(elem)}[e.Name], elem)
			}
		}
	}
	if !ok || e.ExpandFinal {
		about, _ := functions.Lookup(e.Name)
		return about.Result
	}
	vals := make([]cty.Value, len(args))
	for i, a := range args {
		vals[i] = cty.UnknownVal(typeOrDynamic(a.Type))
		if a.Known() {
			vals[i], _ = a.Val.UnmarkDeep()
		}
		// HCL converts an argument to the type of its parameter.
		if p := parameter(f, i); p != nil {
			if c, err := convert.Convert(vals[i], p.Type); err == nil {
				vals[i] = c
			}
		}
	}
	t, err := f.ReturnTypeForValues(vals)
	if err != nil {
		return cty.DynamicPseudoType
	}
	switch {
	case functions.Name(e.Name) == "concat":
		return joined(t, args)
	case functions.Name(e.Name) == "merge" && len(args) > 1 && !sureType(t):
		return cty.DynamicPseudoType // maps of different types make an object
	}
	return t
}

// joined returns what is left of the type of a list that concat makes, when it is
// open what some of the lists hold.
func joined(t cty.Type, args []Result) cty.Type {
	for _, a := range args {
		t = openedBy(t, a.Type)
	}
	if t == cty.DynamicPseudoType && !slices.ContainsFunc(args, func(a Result) bool { return a.guessed || !a.Type.IsListType() }) {
		return cty.List(t)
	}
	return t
}

// alikeMembers returns the type that the members of a t have when they are made
// alike.
func alikeMembers(t cty.Type) cty.Type {
	var types []cty.Type
	switch {
	case t.IsCollectionType():
		return t.ElementType()
	case t.IsTupleType():
		types = t.TupleElementTypes()
	case t.IsObjectType():
		for _, name := range sortedKeys(t.AttributeTypes()) {
			types = append(types, t.AttributeType(name))
		}
	}
	if len(types) == 0 {
		return cty.DynamicPseudoType
	}
	elem, _ := convert.UnifyUnsafe(types)
	return elem
}

// parameter returns the parameter that argument i is for, nil when there is none.
func parameter(f function.Function, i int) *function.Parameter {
	if params := f.Params(); i < len(params) {
		return &params[i]
	}
	return f.VarParam()
}

// convertible says whether a value of type from may become one of type to.
func convertible(from, to cty.Type) bool {
	return from == cty.NilType || from.HasDynamicTypes() || to.HasDynamicTypes() || from.Equals(to) || convert.GetConversionUnsafe(from, to) != nil
}
