package specialise

import (
	"slices"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// keptCalls are functions that stay calls even when their value is known,
// because the call reads better than what it returns.
var keptCalls = map[string]bool{"jsonencode": true, "yamlencode": true, "base64encode": true, "textencodebase64": true}

func (ev *evaluator) call(e *hclsyntax.FunctionCallExpr, s *scope) Result {
	switch strings.TrimPrefix(e.Name, "core::") {
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
			pieces = append(pieces, piece{a.Range(), ev.inPlace(a, args[i])})
		}
	}
	_, foldable := ev.funcs[e.Name]
	if known && foldable {
		return ev.callKnown(e, args, pieces)
	}
	if e.Name == "lookup" && len(args) == 3 && args[0].loose && args[0].Type.IsMapType() {
		// A map would convert the default; the object that stands for it does not.
		if c, err := coerce(args[2], args[0].Type.ElementType(), nil); err == nil && c.Text() != args[2].Text() {
			pieces = append(slices.DeleteFunc(pieces, func(p piece) bool { return p.rng == e.Args[2].Range() }), piece{e.Args[2].Range(), c.Text()})
		}
	}
	if e.Name == "coalescelist" || comparing[e.Name] && slices.ContainsFunc(args, func(a Result) bool { return nests(a.Type) }) {
		pieces = nil
		for i, a := range args {
			if a.Changed {
				pieces = append(pieces, piece{e.Args[i].Range(), typed(a)})
			}
		}
	}
	if !e.ExpandFinal && foldable && (givesAll[e.Name] || !ev.anyMayFail(s, args...)) {
		if out, ok := ev.callShaped(e, args); ok {
			return out
		}
	}
	out := residual(ev.sources.splice(e.Range(), pieces), precTerm, ev.returnType(e, args), len(pieces) > 0)
	out.NotNull, out.loose = neverNull[e.Name], len(pieces) > 0
	out.Sensitive = e.Name == "sensitive" || anySensitive(args...) && !unveils[e.Name]
	return out
}

// comparing lists the functions that compare elements, and so tell a list from a
// tuple in them.
var comparing = map[string]bool{"contains": true, "index": true, "distinct": true, "setintersection": true, "setunion": true, "setsubtract": true, "matchkeys": true}

// nests says whether the elements of a collection are collections.
func nests(t cty.Type) bool {
	switch {
	case t == cty.NilType:
	case t.IsCollectionType():
		return !t.ElementType().IsPrimitiveType()
	case t.IsTupleType():
		return slices.ContainsFunc(t.TupleElementTypes(), func(e cty.Type) bool { return !e.IsPrimitiveType() })
	}
	return false
}

// typed returns the text of r where it matters whether it is a list or a tuple.
func typed(r Result) string {
	switch {
	case r.Known():
		return exactLiteral(r.Val)
	case r.loose && r.Type.IsListType():
		return "tolist(" + r.Text() + ")"
	case r.loose && r.Type.IsMapType():
		return "tomap(" + r.Text() + ")"
	}
	return r.Text()
}

// neverNull lists functions whose result is never null.
var neverNull = map[string]bool{
	"concat": true, "merge": true, "keys": true, "values": true, "toset": false, "format": true, "join": true, "split": true, "length": true,
	"jsonencode": true, "yamlencode": true, "flatten": true, "compact": true, "distinct": true, "cidrsubnet": true, "cidrsubnets": true, "cidrhost": true,
	"lower": true, "upper": true, "replace": true, "trimprefix": true, "trimsuffix": true, "substr": true, "formatlist": true, "range": true, "zipmap": true,
}

// unveils lists functions whose result is not sensitive though an argument is.
var unveils = map[string]bool{"nonsensitive": true, "issensitive": true}

func (ev *evaluator) callKnown(e *hclsyntax.FunctionCallExpr, args []Result, pieces []piece) Result {
	c := *e
	c.Args = make([]hclsyntax.Expression, len(args))
	for i, a := range args {
		c.Args[i] = lit(a.Val, e.Args[i].Range())
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
	if out.Changed && keptCalls[e.Name] {
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
	first := args[0]
	switch e.Name {
	case "length":
		if elems, ok := first.elements(); ok && len(args) == 1 {
			return knownResult(cty.NumberIntVal(int64(len(elems)))), true
		}
	case "one":
		if len(args) == 1 && first.Tuple && len(first.Elems) == 1 {
			return changed(first.Elems[0]), true
		}
	case "element":
		if i, ok := keyIndex(lastVal(args)); ok && len(args) == 2 && first.Tuple && len(first.Elems) > 0 && i >= 0 {
			return changed(first.Elems[i%len(first.Elems)]), true
		}
	case "concat":
		return concat(args)
	case "merge":
		return merge(args)
	case "keys":
		if len(args) == 1 && first.Attrs != nil {
			var out []cty.Value
			for _, k := range sortedKeys(first.Attrs) {
				out = append(out, cty.StringVal(k))
			}
			return knownResult(cty.TupleVal(out)), true
		}
	case "values":
		if elems, ok := first.elements(); ok && len(args) == 1 && first.Attrs != nil {
			var out []Result
			for _, el := range elems {
				out = append(out, el.value)
			}
			return tupleOf(out), true
		}
	case "lookup":
		if key, ok := keyString(secondVal(args)); ok && len(args) == 3 && first.Attrs != nil {
			if r, ok := first.Attrs[key]; ok {
				return changed(r), true
			}
			other := args[2]
			if first.Type.IsMapType() {
				if c, err := coerce(other, first.Type.ElementType(), nil); err == nil {
					other = c
				}
			}
			return changed(other), true
		}
	case "coalesce":
		return ev.coalesce(e, args)
	case "tostring", "tonumber", "tobool":
		if len(args) == 1 && conversion(first.Type) == e.Name && first.Changed {
			return first, true
		}
	}
	return Result{}, false
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
	return tupleOf(elems), true
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
		case a.Attrs != nil:
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
	types := map[string]bool{}
	for _, a := range left {
		types[typeOrDynamic(a.Type).FriendlyName()] = true
	}
	if len(left) == 1 && len(types) == 1 && sureType(left[0].Type) && left[0].NotNull {
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
	if !changedAny && len(left) == len(e.Args) {
		out := residual(ev.sources.text(e.Range()), precTerm, ev.returnType(e, left), false)
		if left[0].Known() {
			return ev.unchanged(e, left[0].Val)
		}
		out.Sensitive = anySensitive(left...)
		return out
	}
	if len(left) == 1 && ev.sure(left[0], s) {
		return changed(left[0])
	}
	var items []string
	var types []cty.Type
	for _, r := range left {
		items = append(items, r.Text())
		types = append(types, r.Type)
	}
	typ := sameType(types...)
	out := residual("try("+strings.Join(items, ", ")+")", precTerm, typ, true)
	out.loose = slices.ContainsFunc(left, func(r Result) bool { return r.loose || r.Known() && r.Changed })
	if len(left) == len(e.Args) {
		var pieces []piece
		for i, r := range left {
			if r.Changed {
				pieces = append(pieces, piece{leftExprs[i].Range(), r.Text()})
			}
		}
		out.text, out.Changed = ev.sources.splice(e.Range(), pieces), len(pieces) > 0
	}
	out.Sensitive = anySensitive(left...)
	return out
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
	switch e.Name {
	case "templatefile", "file", "filebase64", "filesha256", "filebase64sha256", "filemd5", "timestamp", "plantimestamp", "uuid", "bcrypt", "base64gzip":
		return cty.String
	case "try":
		var types []cty.Type
		for _, a := range args {
			types = append(types, a.Type)
		}
		return sameType(types...)
	case "sensitive", "nonsensitive":
		if len(args) == 1 {
			return typeOrDynamic(args[0].Type)
		}
	}
	if !ok || e.ExpandFinal {
		return cty.DynamicPseudoType
	}
	vals := make([]cty.Value, len(args))
	for i, a := range args {
		vals[i] = cty.UnknownVal(typeOrDynamic(a.Type))
		if a.Known() {
			vals[i], _ = a.Val.UnmarkDeep()
		}
	}
	t, err := f.ReturnTypeForValues(vals)
	if err != nil {
		return cty.DynamicPseudoType
	}
	return t
}

// convertible says whether a value of type from may become one of type to.
func convertible(from, to cty.Type) bool {
	return from == cty.NilType || from.HasDynamicTypes() || to.HasDynamicTypes() || from.Equals(to) || convert.GetConversionUnsafe(from, to) != nil
}
