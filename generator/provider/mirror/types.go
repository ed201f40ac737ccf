package mirror

import (
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/zclconf/go-cty/cty"
)

// attribute returns an attribute of a type. Objects become nested attributes, so
// that Terraform knows each of theirs; what a schema cannot say is dynamic, and
// checked when the options are resolved.
func attribute(t cty.Type, required bool, text string) schema.Attribute {
	optional := !required
	switch {
	case t == cty.String:
		return schema.StringAttribute{Required: required, Optional: optional, MarkdownDescription: text}
	case t == cty.Bool:
		return schema.BoolAttribute{Required: required, Optional: optional, MarkdownDescription: text}
	case t == cty.Number:
		return schema.NumberAttribute{Required: required, Optional: optional, MarkdownDescription: text}
	case t.IsObjectType() && sayable(t):
		return schema.SingleNestedAttribute{Required: required, Optional: optional, MarkdownDescription: text, Attributes: members(t)}
	case t.IsCollectionType() && t.ElementType().IsObjectType() && sayable(t.ElementType()):
		nested := schema.NestedAttributeObject{Attributes: members(t.ElementType())}
		switch {
		case t.IsListType():
			return schema.ListNestedAttribute{Required: required, Optional: optional, MarkdownDescription: text, NestedObject: nested}
		case t.IsSetType():
			return schema.SetNestedAttribute{Required: required, Optional: optional, MarkdownDescription: text, NestedObject: nested}
		}
		return schema.MapNestedAttribute{Required: required, Optional: optional, MarkdownDescription: text, NestedObject: nested}
	case t.IsCollectionType():
		element, ok := plain(t.ElementType())
		switch {
		case !ok:
		case t.IsListType():
			return schema.ListAttribute{Required: required, Optional: optional, MarkdownDescription: text, ElementType: element}
		case t.IsSetType():
			return schema.SetAttribute{Required: required, Optional: optional, MarkdownDescription: text, ElementType: element}
		default:
			return schema.MapAttribute{Required: required, Optional: optional, MarkdownDescription: text, ElementType: element}
		}
	}
	return schema.DynamicAttribute{Required: required, Optional: optional, MarkdownDescription: text}
}

// members returns the attributes of an object.
func members(t cty.Type) map[string]schema.Attribute {
	out := map[string]schema.Attribute{}
	for name, at := range t.AttributeTypes() {
		out[name] = attribute(at, !t.AttributeOptional(name), "")
	}
	return out
}

// sayable says whether an object can be a nested attribute: its names are such
// as schemas allow, and what lies below a collection is not dynamic.
func sayable(t cty.Type) bool {
	for name, at := range t.AttributeTypes() {
		if Identifier(name) != name {
			return false
		}
		if at.IsObjectType() && !sayable(at) || at.IsCollectionType() && !typed(at) || at == cty.DynamicPseudoType || at.IsTupleType() {
			return false
		}
	}
	return true
}

// typed says whether an attribute of a type is not dynamic.
func typed(t cty.Type) bool {
	if e := t.ElementType(); e.IsObjectType() {
		return sayable(e)
	}
	_, ok := plain(t.ElementType())
	return ok
}

// plain returns the type of elements; not of tuples, and not of objects with
// attributes that may be left out, which only nested attributes know.
func plain(t cty.Type) (attr.Type, bool) {
	switch {
	case t == cty.String:
		return types.StringType, true
	case t == cty.Bool:
		return types.BoolType, true
	case t == cty.Number:
		return types.NumberType, true
	case t.IsObjectType() && len(t.OptionalAttributes()) == 0:
		out := map[string]attr.Type{}
		for name, at := range t.AttributeTypes() {
			e, ok := plain(at)
			if !ok {
				return nil, false
			}
			out[name] = e
		}
		return types.ObjectType{AttrTypes: out}, true
	case t.IsCollectionType():
		e, ok := plain(t.ElementType())
		switch {
		case !ok:
			return nil, false
		case t.IsListType():
			return types.ListType{ElemType: e}, true
		case t.IsSetType():
			return types.SetType{ElemType: e}, true
		}
		return types.MapType{ElemType: e}, true
	}
	return nil, false
}
