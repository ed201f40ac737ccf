package specialise

import (
	"slices"

	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/functions"
)

// means says whether two values are the same to who asks d. Lists and tuples are,
// and maps and objects, unless they are compared.
func means(got, want cty.Value, d demand) bool {
	if want.ContainsMarked() != got.ContainsMarked() {
		return false
	}
	got, _ = got.UnmarkDeep()
	want, _ = want.UnmarkDeep()
	if d == converts && want.Type().IsPrimitiveType() && !want.IsNull() {
		c, err := convertUnmarked(got, want.Type())
		if err != nil {
			return false
		}
		got = c
	}
	if d == precisely {
		return got.RawEquals(want) // what compares them tells a list from a tuple
	}
	return plainly(got).RawEquals(plainly(want))
}

// plainly returns a value of which only tuples, objects and plain values are left.
func plainly(v cty.Value) cty.Value {
	t := v.Type()
	switch {
	case v.IsNull():
		return cty.NullVal(cty.DynamicPseudoType)
	case !v.IsKnown():
		return cty.DynamicVal
	case t.IsListType() || t.IsTupleType() || t.IsSetType():
		vals := []cty.Value{}
		for it := v.ElementIterator(); it.Next(); {
			_, e := it.Element()
			vals = append(vals, plainly(e))
		}
		return cty.TupleVal(vals)
	case t.IsMapType() || t.IsObjectType():
		vals := map[string]cty.Value{}
		for it := v.ElementIterator(); it.Next(); {
			k, e := it.Element()
			vals[k.AsString()] = plainly(e)
		}
		return cty.ObjectVal(vals)
	}
	return v
}

// agree says whether two values, of which some is unknown, have the same types
// as far as lists are taken for tuples and maps for objects.
func agree(got, want cty.Value) bool {
	if want.ContainsMarked() != got.ContainsMarked() {
		return false
	}
	got, _ = got.UnmarkDeep()
	want, _ = want.UnmarkDeep()
	switch {
	case !got.IsKnown() || !want.IsKnown():
		return agreeTypes(got.Type(), want.Type())
	case got.IsNull() || want.IsNull():
		return got.IsNull() && want.IsNull()
	case isSequence(got.Type()) && isSequence(want.Type()) && got.LengthInt() == want.LengthInt():
		for a, b := got.ElementIterator(), want.ElementIterator(); a.Next() && b.Next(); {
			_, x := a.Element()
			if _, y := b.Element(); !agree(x, y) {
				return false
			}
		}
		return true
	case isMapping(got.Type()) && isMapping(want.Type()) && got.LengthInt() == want.LengthInt():
		for a, b := got.ElementIterator(), want.ElementIterator(); a.Next() && b.Next(); {
			k, x := a.Element()
			if l, y := b.Element(); !k.RawEquals(l) || !agree(x, y) {
				return false
			}
		}
		return true
	}
	return got.RawEquals(want)
}

func isSequence(t cty.Type) bool { return t.IsListType() || t.IsTupleType() || t.IsSetType() }

func isMapping(t cty.Type) bool { return t.IsMapType() || t.IsObjectType() }

// agreeTypes is agree for types. What is open is not alike.
func agreeTypes(a, b cty.Type) bool {
	switch {
	case a == cty.DynamicPseudoType || b == cty.DynamicPseudoType:
		return false
	case isSequence(a) && isSequence(b), isMapping(a) && isMapping(b):
	default:
		return a.Equals(b)
	}
	if a.IsTupleType() && b.IsTupleType() || a.IsObjectType() && b.IsObjectType() {
		return len(membersOf(a)) == len(membersOf(b)) && agreeEach(membersOf(a), membersOf(b))
	}
	for _, x := range membersOf(a) {
		for _, y := range membersOf(b) {
			if !agreeTypes(x, y) {
				return false
			}
		}
	}
	return true
}

func agreeEach(a, b []cty.Type) bool {
	for i := range a {
		if !agreeTypes(a[i], b[i]) {
			return false
		}
	}
	return true
}

// membersOf returns the types of what is in a value of type t.
func membersOf(t cty.Type) []cty.Type {
	switch {
	case t.IsTupleType():
		return t.TupleElementTypes()
	case t.IsObjectType():
		var types []cty.Type
		for _, name := range sortedKeys(t.AttributeTypes()) {
			types = append(types, t.AttributeType(name))
		}
		return types
	}
	return []cty.Type{t.ElementType()}
}

// examples returns values that a reference may have. Steps are attributes that
// are taken of it.
func examples(r Result, steps []string) []cty.Value {
	t := typeOrDynamic(r.Type)
	var vals []cty.Value
	switch {
	case r.text == "" || t == cty.DynamicPseudoType:
		vals = anything(steps)
	default:
		vals = ofThisType(t)
		if r.loose || r.guessed {
			for _, v := range slices.Clone(vals) {
				vals = append(vals, loosened(v))
			}
		}
		if !r.NotNull {
			vals = append(vals, cty.NullVal(t))
		}
	}
	if r.Sensitive {
		for i, v := range vals {
			vals[i] = v.Mark(functions.Sensitive)
		}
	}
	return vals
}

// anything returns values of the types that something may have of which nothing
// is known.
func anything(steps []string) []cty.Value {
	a, n := cty.StringVal("a"), cty.NumberIntVal(1)
	vals := []cty.Value{
		a, n, cty.True, cty.False, cty.NullVal(cty.DynamicPseudoType), cty.StringVal("5"),
		cty.EmptyTupleVal, cty.TupleVal([]cty.Value{a}), cty.TupleVal([]cty.Value{n, a}), cty.TupleVal([]cty.Value{cty.True, n}),
		cty.ListVal([]cty.Value{a}), cty.ListValEmpty(cty.String), cty.SetVal([]cty.Value{a}),
		cty.EmptyObjectVal, cty.ObjectVal(map[string]cty.Value{"a": a}), cty.ObjectVal(map[string]cty.Value{"a": n}), cty.MapVal(map[string]cty.Value{"a": a}),
	}
	for _, of := range []cty.Value{a, n, cty.NullVal(cty.DynamicPseudoType), cty.TupleVal([]cty.Value{a}), cty.TupleVal([]cty.Value{n}), cty.EmptyTupleVal} {
		attrs := map[string]cty.Value{}
		for _, name := range steps {
			if name != "" {
				attrs[name] = of
			}
		}
		if len(attrs) > 0 {
			vals = append(vals, cty.ObjectVal(attrs))
		}
	}
	return vals
}

// ofThisType returns some values of a type.
func ofThisType(t cty.Type) []cty.Value {
	switch {
	case t == cty.DynamicPseudoType:
		return []cty.Value{cty.StringVal("a"), cty.NumberIntVal(1), cty.NullVal(t)}
	case t == cty.String:
		return []cty.Value{cty.StringVal("a"), cty.StringVal("5"), cty.StringVal("")}
	case t == cty.Number:
		return []cty.Value{cty.NumberIntVal(1), cty.Zero}
	case t == cty.Bool:
		return []cty.Value{cty.True, cty.False}
	case t.IsCollectionType() && t.ElementType().HasDynamicTypes():
		var vals []cty.Value
		for _, e := range []cty.Type{cty.String, cty.Number} {
			vals = append(vals, ofThisType(withElement(t, e))...)
		}
		return vals
	case t.IsListType():
		e := ofThisType(t.ElementType())
		return []cty.Value{cty.ListValEmpty(t.ElementType()), cty.ListVal(e[:1]), cty.ListVal(e)}
	case t.IsSetType():
		e := ofThisType(t.ElementType())
		return []cty.Value{cty.SetValEmpty(t.ElementType()), cty.SetVal(e[:1]), cty.SetVal(e)}
	case t.IsMapType():
		e := ofThisType(t.ElementType())
		return []cty.Value{cty.MapValEmpty(t.ElementType()), cty.MapVal(map[string]cty.Value{"a": e[0]}), cty.MapVal(map[string]cty.Value{"a": e[len(e)-1], "b": e[0]})}
	case t.IsTupleType():
		return lined(len(t.TupleElementTypes()), func(i int) []cty.Value { return ofThisType(t.TupleElementType(i)) }, cty.TupleVal)
	case t.IsObjectType():
		names := sortedKeys(t.AttributeTypes())
		return lined(len(names), func(i int) []cty.Value { return ofThisType(t.AttributeType(names[i])) }, func(vals []cty.Value) cty.Value {
			attrs := map[string]cty.Value{}
			for i, v := range vals {
				attrs[names[i]] = v
			}
			return cty.ObjectVal(attrs)
		})
	}
	return []cty.Value{cty.NullVal(t)}
}

// lined returns as many values as the longest list of members has, made of one
// member of each.
func lined(n int, members func(i int) []cty.Value, make func([]cty.Value) cty.Value) []cty.Value {
	all, most := [][]cty.Value{}, 1
	for i := range n {
		all = append(all, members(i))
		most = max(most, len(all[i]))
	}
	var out []cty.Value
	for k := range most {
		vals := []cty.Value{}
		for _, m := range all {
			vals = append(vals, m[k%len(m)])
		}
		out = append(out, make(vals))
	}
	return out
}
