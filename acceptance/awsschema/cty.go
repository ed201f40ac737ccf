package awsschema

import "github.com/zclconf/go-cty/cty"

// attr returns an attribute of an object, or a null of unknown type where the
// object is null, unknown or without it.
func attr(obj cty.Value, name string) cty.Value {
	if obj == cty.NilVal || !obj.IsKnown() || obj.IsNull() || !obj.Type().IsObjectType() || !obj.Type().HasAttribute(name) {
		return cty.NullVal(cty.DynamicPseudoType)
	}
	return obj.GetAttr(name)
}

// text returns a known string attribute, else "".
func text(obj cty.Value, name string) string {
	v := attr(obj, name)
	if !v.IsKnown() || v.IsNull() || v.Type() != cty.String {
		return ""
	}
	return v.AsString()
}

// elements returns the known elements of a collection attribute, in its order.
func elements(obj cty.Value, name string) []cty.Value {
	v := attr(obj, name)
	if !v.IsKnown() || v.IsNull() || !v.CanIterateElements() {
		return nil
	}
	var out []cty.Value
	for it := v.ElementIterator(); it.Next(); {
		_, e := it.Element()
		if e.IsKnown() && !e.IsNull() {
			out = append(out, e)
		}
	}
	return out
}

// stringsOf returns the known strings of a collection attribute.
func stringsOf(obj cty.Value, name string) []string {
	var out []string
	for _, e := range elements(obj, name) {
		if e.Type() == cty.String {
			out = append(out, e.AsString())
		}
	}
	return out
}

// isTrue reports whether a bool attribute is known to be true.
func isTrue(obj cty.Value, name string) bool {
	v := attr(obj, name)
	return v.IsKnown() && !v.IsNull() && v.Type() == cty.Bool && v.True()
}

// rebuild makes a collection of the same type from other elements.
func rebuild(like cty.Value, elems []cty.Value) cty.Value {
	ty := like.Type()
	switch {
	case len(elems) == 0:
		return like
	case ty.IsListType():
		return cty.ListVal(elems)
	case ty.IsSetType():
		return cty.SetVal(elems)
	case ty.IsTupleType():
		return cty.TupleVal(elems)
	}
	return like
}
