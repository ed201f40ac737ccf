package specialise

import (
	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/function"
)

// alike returns v as the list, set or map that a parameter of type t makes of it
// anyway, when all its members have one type. The library's conversion finds the
// type that members have in common in time that grows with the square of their
// number; there is nothing to find where they are alike.
func alike(v cty.Value, t cty.Type) cty.Value {
	have := v.Type()
	if v.IsMarked() || v.IsNull() || !v.IsKnown() || !t.IsCollectionType() ||
		!have.IsTupleType() && !have.IsObjectType() || v.LengthInt() < 2 {
		return v
	}
	want := t.ElementType()
	var list []cty.Value
	members := map[string]cty.Value{}
	var first cty.Type
	for it := v.ElementIterator(); it.Next(); {
		key, e := it.Element()
		if len(list) == 0 {
			first = e.Type()
		}
		if !e.Type().Equals(first) || first.HasDynamicTypes() || want != cty.DynamicPseudoType && !want.Equals(first) {
			return v
		}
		list = append(list, e)
		if have.IsObjectType() {
			members[key.AsString()] = e
		}
	}
	switch {
	case t.IsListType() && have.IsTupleType():
		return cty.ListVal(list)
	case t.IsSetType() && have.IsTupleType():
		return cty.SetVal(list)
	case t.IsMapType() && have.IsObjectType():
		return cty.MapVal(members)
	}
	return v
}

// parameterType returns the type of a function's parameter i.
func parameterType(f function.Function, i int) cty.Type {
	params := f.Params()
	switch {
	case i < len(params):
		return params[i].Type
	case f.VarParam() != nil:
		return f.VarParam().Type
	}
	return cty.DynamicPseudoType
}
