package specialise

import (
	"slices"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/convert"
)

// unifyTypes returns what is known of a value that has one of two types.
func unifyTypes(a, b cty.Type) cty.Type {
	if a == cty.NilType || b == cty.NilType || a == cty.DynamicPseudoType || b == cty.DynamicPseudoType {
		return cty.DynamicPseudoType
	}
	t, _ := convert.UnifyUnsafe([]cty.Type{a, b})
	if t == cty.NilType {
		return cty.DynamicPseudoType
	}
	return openedBy(t, a, b)
}

// openedBy returns what is left of a type that others have in common, when it is
// open what some of them are: what is a number beside them may be a string.
func openedBy(t cty.Type, from ...cty.Type) cty.Type {
	if !slices.ContainsFunc(from, func(f cty.Type) bool { return !sureType(f) }) || !holdsPlain(t) {
		return t
	}
	if t.IsCollectionType() {
		return withElement(t, cty.DynamicPseudoType)
	}
	return cty.DynamicPseudoType
}

// elementType returns what is known of the elements of a collection.
func elementType(t cty.Type) cty.Type {
	switch {
	case t == cty.NilType:
		return cty.DynamicPseudoType
	case t.IsCollectionType():
		return t.ElementType()
	case t.IsTupleType():
		return sameType(t.TupleElementTypes()...)
	}
	return cty.DynamicPseudoType
}

// memberType is elementType for what a loop goes over, which may be an object.
func memberType(t cty.Type) cty.Type {
	if t == cty.NilType || !t.IsObjectType() {
		return elementType(t)
	}
	attrs := t.AttributeTypes()
	types := make([]cty.Type, 0, len(attrs))
	for _, name := range sortedKeys(attrs) {
		types = append(types, attrs[name])
	}
	return sameType(types...)
}

// sameType returns the type that all of types are, or nothing.
func sameType(types ...cty.Type) cty.Type {
	for _, t := range types {
		if t == cty.NilType || !t.Equals(types[0]) {
			return cty.DynamicPseudoType
		}
	}
	if len(types) == 0 {
		return cty.DynamicPseudoType
	}
	return types[0]
}

// attributeType returns what is known of an attribute of a value.
func attributeType(t cty.Type, name string) cty.Type {
	switch {
	case t == cty.NilType:
	case t.IsObjectType() && t.HasAttribute(name):
		return t.AttributeType(name)
	case t.IsMapType():
		return t.ElementType()
	}
	return cty.DynamicPseudoType
}

func convertUnmarked(v cty.Value, t cty.Type) (cty.Value, error) { return convert.Convert(v, t) }

// sureType says whether nothing of t is open.
func sureType(t cty.Type) bool { return t != cty.NilType && !t.HasDynamicTypes() }
