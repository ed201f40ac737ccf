package main

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/schema"
)

// A document is the part of the JSON that the artefact keeps.
type document struct {
	version   string
	Provider  topJSON            `json:"provider"`
	Resources map[string]topJSON `json:"resource_schemas"`
	Data      map[string]topJSON `json:"data_source_schemas"`
	Ephemeral map[string]topJSON `json:"ephemeral_resource_schemas"`
}

type topJSON struct {
	Block blockJSON `json:"block"`
}

type blockJSON struct {
	Attributes map[string]attrJSON   `json:"attributes"`
	BlockTypes map[string]nestedJSON `json:"block_types"`
}

type attrJSON struct {
	Type       cty.Type        `json:"type"`
	NestedType json.RawMessage `json:"nested_type"`
	Required   bool            `json:"required"`
	Optional   bool            `json:"optional"`
	Computed   bool            `json:"computed"`
	Sensitive  bool            `json:"sensitive"`
	WriteOnly  bool            `json:"write_only"`
	Deprecated bool            `json:"deprecated"`
}

type nestedJSON struct {
	Block    blockJSON `json:"block"`
	Nesting  string    `json:"nesting_mode"`
	MinItems int       `json:"min_items"`
	MaxItems int       `json:"max_items"`
}

func parse(dec *json.Decoder) (*document, error) {
	var all struct {
		Schemas map[string]*document `json:"provider_schemas"`
	}
	if err := dec.Decode(&all); err != nil {
		return nil, err
	}
	if len(all.Schemas) != 1 {
		return nil, fmt.Errorf("it contains %d providers, want 1", len(all.Schemas))
	}
	for _, doc := range all.Schemas {
		// Terraform's own argument; bindings list it as the provider's.
		delete(doc.Provider.Block.Attributes, "alias")
		return doc, nil
	}
	return nil, errors.New("unreachable")
}

var nestings = map[string]schema.Nesting{
	"single": schema.NestingSingle, "list": schema.NestingList, "set": schema.NestingSet,
	"map": schema.NestingMap, "group": schema.NestingGroup,
}

// An encoder collects unique entries; a map finds an entry's index.
type encoder struct {
	strings              map[string]int
	types, attrs, blocks interned
}

type interned struct {
	index   map[string]int
	entries [][]byte
}

func (t *interned) add(entry []byte) uint64 {
	if i, ok := t.index[string(entry)]; ok {
		return uint64(i)
	}
	if t.index == nil {
		t.index = map[string]int{}
	}
	t.index[string(entry)] = len(t.entries)
	t.entries = append(t.entries, entry)
	return uint64(len(t.entries) - 1)
}

func encode(doc *document) ([]byte, error) {
	e := &encoder{strings: map[string]int{}}
	kinds := []map[string]topJSON{doc.Resources, doc.Data, doc.Ephemeral}

	// Names are collected first, so that their order is the alphabet's and an
	// index compares as its name does.
	e.names(doc.Provider.Block)
	for _, kind := range kinds {
		for name, top := range kind {
			e.strings[name] = 0
			e.names(top.Block)
		}
	}
	names := slices.Sorted(maps.Keys(e.strings))
	stringTable := make([][]byte, len(names))
	for i, name := range names {
		e.strings[name] = i
		stringTable[i] = []byte(name)
	}

	config, err := e.block(doc.Provider.Block)
	if err != nil {
		return nil, err
	}
	kindTable := [][]byte{binary.LittleEndian.AppendUint32(nil, uint32(config))}
	for _, kind := range kinds {
		var pairs []byte
		for _, name := range slices.Sorted(maps.Keys(kind)) {
			i, err := e.block(kind[name].Block)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			pairs = binary.LittleEndian.AppendUint32(pairs, uint32(e.strings[name]))
			pairs = binary.LittleEndian.AppendUint32(pairs, uint32(i))
		}
		kindTable = append(kindTable, pairs)
	}

	out := []byte(schema.Magic)
	for _, t := range [][][]byte{{[]byte(doc.version)}, stringTable, e.types.entries, e.attrs.entries, e.blocks.entries, kindTable} {
		out = appendTable(out, t)
	}
	return out, nil
}

func appendTable(out []byte, entries [][]byte) []byte {
	out = binary.LittleEndian.AppendUint32(out, uint32(len(entries)))
	offset := uint32(0)
	for _, e := range entries {
		out = binary.LittleEndian.AppendUint32(out, offset)
		offset += uint32(len(e))
	}
	out = binary.LittleEndian.AppendUint32(out, offset)
	for _, e := range entries {
		out = append(out, e...)
	}
	return out
}

func (e *encoder) names(b blockJSON) {
	for name, a := range b.Attributes {
		e.strings[name] = 0
		e.typeNames(a.Type)
	}
	for name, n := range b.BlockTypes {
		e.strings[name] = 0
		e.names(n.Block)
	}
}

func (e *encoder) typeNames(ty cty.Type) {
	switch {
	case ty == cty.NilType:
	case ty.IsCollectionType():
		e.typeNames(ty.ElementType())
	case ty.IsObjectType():
		for name, aty := range ty.AttributeTypes() {
			e.strings[name] = 0
			e.typeNames(aty)
		}
	case ty.IsTupleType():
		for _, ety := range ty.TupleElementTypes() {
			e.typeNames(ety)
		}
	}
}

func (e *encoder) name(s string) uint64 { return uint64(e.strings[s]) }

func (e *encoder) block(b blockJSON) (uint64, error) {
	entry := binary.AppendUvarint(nil, uint64(len(b.Attributes)))
	for _, name := range slices.Sorted(maps.Keys(b.Attributes)) {
		a, err := e.attr(b.Attributes[name])
		if err != nil {
			return 0, fmt.Errorf("%s: %w", name, err)
		}
		entry = binary.AppendUvarint(entry, e.name(name))
		entry = binary.AppendUvarint(entry, a)
	}
	entry = binary.AppendUvarint(entry, uint64(len(b.BlockTypes)))
	for _, name := range slices.Sorted(maps.Keys(b.BlockTypes)) {
		n := b.BlockTypes[name]
		nesting, ok := nestings[n.Nesting]
		if !ok {
			return 0, fmt.Errorf("%s: unknown nesting mode %q", name, n.Nesting)
		}
		child, err := e.block(n.Block)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", name, err)
		}
		for _, v := range []uint64{e.name(name), uint64(nesting), uint64(n.MinItems), uint64(n.MaxItems), child} {
			entry = binary.AppendUvarint(entry, v)
		}
	}
	return e.blocks.add(entry), nil
}

func (e *encoder) attr(a attrJSON) (uint64, error) {
	if len(a.NestedType) > 0 || a.Type == cty.NilType {
		return 0, errors.New("attributes with a nested type (protocol 6) are not supported: package schema needs a table for them first")
	}
	ty, err := e.appendType(nil, a.Type)
	if err != nil {
		return 0, err
	}
	return e.attrs.add(binary.AppendUvarint([]byte{flags(a)}, e.types.add(ty))), nil
}

func flags(a attrJSON) byte {
	var f byte
	for _, x := range []struct {
		set bool
		bit byte
	}{
		{a.Required, schema.FlagRequired}, {a.Optional, schema.FlagOptional}, {a.Computed, schema.FlagComputed},
		{a.Sensitive, schema.FlagSensitive}, {a.WriteOnly, schema.FlagWriteOnly}, {a.Deprecated, schema.FlagDeprecated},
	} {
		if x.set {
			f |= x.bit
		}
	}
	return f
}

func (e *encoder) appendType(out []byte, ty cty.Type) ([]byte, error) {
	switch {
	case ty == cty.String:
		return append(out, schema.TagString), nil
	case ty == cty.Number:
		return append(out, schema.TagNumber), nil
	case ty == cty.Bool:
		return append(out, schema.TagBool), nil
	case ty == cty.DynamicPseudoType:
		return append(out, schema.TagDynamic), nil
	case ty.IsListType():
		return e.appendType(append(out, schema.TagList), ty.ElementType())
	case ty.IsSetType():
		return e.appendType(append(out, schema.TagSet), ty.ElementType())
	case ty.IsMapType():
		return e.appendType(append(out, schema.TagMap), ty.ElementType())
	case ty.IsObjectType():
		atys := ty.AttributeTypes()
		out = binary.AppendUvarint(append(out, schema.TagObject), uint64(len(atys)))
		for _, name := range slices.Sorted(maps.Keys(atys)) {
			var err error
			if out, err = e.appendType(binary.AppendUvarint(out, e.name(name)), atys[name]); err != nil {
				return nil, err
			}
		}
		return out, nil
	case ty.IsTupleType():
		etys := ty.TupleElementTypes()
		out = binary.AppendUvarint(append(out, schema.TagTuple), uint64(len(etys)))
		for _, ety := range etys {
			var err error
			if out, err = e.appendType(out, ety); err != nil {
				return nil, err
			}
		}
		return out, nil
	}
	return nil, fmt.Errorf("type %s is not known", ty.FriendlyName())
}

// verify reads the artefact as package schema does and compares it with the
// JSON, both ways.
func verify(doc *document, data string) error {
	p, err := schema.Open(data)
	if err != nil {
		return err
	}
	if p.Version() != doc.version {
		return fmt.Errorf("version %q, want %q", p.Version(), doc.version)
	}
	if err := same(doc.Provider.Block, p.Config()); err != nil {
		return fmt.Errorf("provider: %w", err)
	}
	for _, k := range []struct {
		kind  schema.Kind
		types map[string]topJSON
	}{{schema.KindResource, doc.Resources}, {schema.KindData, doc.Data}, {schema.KindEphemeral, doc.Ephemeral}} {
		for name, top := range k.types {
			b, ok := p.Type(k.kind, name)
			if !ok {
				return fmt.Errorf("%s %s is missing", k.kind, name)
			}
			if err := same(top.Block, b); err != nil {
				return fmt.Errorf("%s %s: %w", k.kind, name, err)
			}
		}
		for _, name := range p.Names(k.kind) {
			if _, ok := k.types[name]; !ok && name != "terraform_data" && name != "terraform_remote_state" {
				return fmt.Errorf("%s %s exists only in the artefact", k.kind, name)
			}
		}
	}
	return nil
}

func same(want blockJSON, got *schema.Block) error {
	if len(want.Attributes) != len(got.Attributes) || len(want.BlockTypes) != len(got.Blocks) {
		return fmt.Errorf("%d attributes and %d blocks, want %d and %d", len(got.Attributes), len(got.Blocks), len(want.Attributes), len(want.BlockTypes))
	}
	for name, w := range want.Attributes {
		g, ok := got.Attributes[name]
		if !ok {
			return fmt.Errorf("attribute %s is missing", name)
		}
		if !g.Type.Equals(w.Type) {
			return fmt.Errorf("attribute %s: type %#v, want %#v", name, g.Type, w.Type)
		}
		back := attrJSON{Required: g.Required, Optional: g.Optional, Computed: g.Computed, Sensitive: g.Sensitive, WriteOnly: g.WriteOnly, Deprecated: g.Deprecated}
		if flags(back) != flags(w) {
			return fmt.Errorf("attribute %s: flags %b, want %b", name, flags(back), flags(w))
		}
	}
	for name, w := range want.BlockTypes {
		g, ok := got.Blocks[name]
		if !ok {
			return fmt.Errorf("block %s is missing", name)
		}
		if g.Nesting.String() != w.Nesting || g.MinItems != w.MinItems || g.MaxItems != w.MaxItems {
			return fmt.Errorf("block %s: %s %d..%d, want %s %d..%d", name, g.Nesting, g.MinItems, g.MaxItems, w.Nesting, w.MinItems, w.MaxItems)
		}
		if err := same(w.Block, g.Block); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}
