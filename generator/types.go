package generator

import (
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/ledger"
	"github.com/bpgen/bpgen/generator/schema"
	"github.com/bpgen/bpgen/generator/specialise"
)

// types answers the specialiser's questions about types from the provider's
// schemas.
type types struct{ provider *schema.Provider }

// schemas returns the types of one major version of the AWS provider; nil, which
// knows no type, for a version that bpgen does not know.
func schemas(major string) specialise.Schemas {
	p, ok := schema.For(major)
	if !ok {
		return nil
	}
	return types{p}
}

var kinds = map[string]schema.Kind{"resource": schema.KindResource, "data": schema.KindData, "ephemeral": schema.KindEphemeral}

// Attribute implements specialise.Schemas.
func (t types) Attribute(kind, typ, name string) (cty.Type, bool, bool) {
	b, ok := t.provider.Type(kinds[kind], typ)
	if !ok {
		return cty.NilType, false, false
	}
	if a, ok := b.Attributes[name]; ok {
		return a.Type, a.Sensitive, true
	}
	if _, ok := b.Blocks[name]; ok {
		return b.ImpliedType().AttributeType(name), false, true
	}
	return cty.NilType, false, false
}

// Object implements specialise.Schemas.
func (t types) Object(kind, typ string) (cty.Type, bool) {
	b, ok := t.provider.Type(kinds[kind], typ)
	if !ok {
		return cty.NilType, false
	}
	return b.ImpliedType(), true
}

// Regional implements specialise.Schemas. With version 6 of the provider what is in a
// region has an argument for it; version 5 has none, but the same types.
func (t types) Regional(kind, typ string) bool {
	newest, ok := schema.For("6")
	if !ok {
		return false
	}
	b, ok := newest.Type(kinds[kind], typ)
	if !ok {
		return false
	}
	a := b.Attributes["region"]
	return a != nil && a.Optional && a.Type == cty.String
}

// citations answers the linker's questions about the notes.
type citations struct{ ledger *ledger.Ledger }

// Statement implements link.Citations.
func (c citations) Statement(id string) (string, bool) {
	if c.ledger == nil {
		return "", false
	}
	e, ok := c.ledger.Lookup(id)
	return e.Statement, ok
}
