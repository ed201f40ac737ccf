package harness

import (
	"errors"
	"fmt"
	"strings"
	"sync"

	"github.com/zclconf/go-cty/cty"
	"github.com/zclconf/go-cty/cty/msgpack"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/bpgen/bpgen/generator/schema"
)

// A view is what a window shows of the real provider's schema: types and nested
// blocks by name.
type view struct {
	types, blocks map[string]bool
	whole         bool     // all nested blocks
	pruned        sync.Map // *schema.Block -> the same without what is not shown
}

// newView returns the view of names, as usedName finds them.
func newView(names []string) *view {
	v := &view{types: map[string]bool{}, blocks: map[string]bool{}}
	for _, n := range names {
		if strings.HasPrefix(n, "aws_") {
			v.types[n] = true
		}
		v.blocks[n] = true
	}
	return v
}

// The messages of plugin protocol 5 by what is read of them: each field with the
// part of the view that decides about it.
var schemaMaps = map[protowire.Number]bool{2: true, 3: true, 8: true} // of GetProviderSchema.Response: resources, data sources, ephemeral resources

const (
	entryKey, entryValue   = 1, 2 // of a map
	schemaBlock            = 2    // of Schema
	nestedBlocks           = 3    // of Block
	nestedName, nestedBody = 1, 2 // of NestedBlock
	typeName, config       = 1, 2 // of a request to validate
	upgradedState          = 1    // of an answer to UpgradeResourceState
	packed                 = 1    // of DynamicValue: MessagePack
)

// narrow leaves out of an answer to GetSchema what the view does not show.
func (v *view) narrow(answer []byte) ([]byte, error) {
	return rewrite(answer, func(number protowire.Number, field []byte) ([]byte, bool, error) {
		if !schemaMaps[number] {
			return nil, true, nil
		}
		name, err := part(field, entryKey)
		if err != nil || !v.types[string(name)] {
			return nil, false, err
		}
		if v.whole {
			return nil, true, nil
		}
		out, err := within(field, entryValue, func(s []byte) ([]byte, error) { return within(s, schemaBlock, v.block) })
		return out, true, err
	})
}

// block leaves nested blocks out of a Block.
func (v *view) block(b []byte) ([]byte, error) {
	return rewrite(b, func(number protowire.Number, field []byte) ([]byte, bool, error) {
		if number != nestedBlocks {
			return nil, true, nil
		}
		name, err := part(field, nestedName)
		if err != nil || !v.blocks[string(name)] {
			return nil, false, err
		}
		out, err := within(field, nestedBody, v.block)
		return out, true, err
	})
}

// rewrite goes through the fields of a message. change gets those that hold
// bytes, and says whether the field stays and, if not nil, what it holds then.
func rewrite(message []byte, change func(number protowire.Number, value []byte) (changed []byte, keep bool, err error)) ([]byte, error) {
	var out []byte
	for len(message) > 0 {
		number, typ, n := protowire.ConsumeField(message)
		if n < 0 {
			return nil, protowire.ParseError(n)
		}
		field := message[:n]
		message = message[n:]
		if typ != protowire.BytesType {
			out = append(out, field...)
			continue
		}
		_, _, tag := protowire.ConsumeTag(field)
		value, _ := protowire.ConsumeBytes(field[tag:])
		changed, keep, err := change(number, value)
		switch {
		case err != nil:
			return nil, err
		case keep && changed != nil:
			out = protowire.AppendBytes(protowire.AppendTag(out, number, protowire.BytesType), changed)
		case keep:
			out = append(out, field...)
		}
	}
	return out, nil
}

// within changes one field of a message.
func within(message []byte, field protowire.Number, change func([]byte) ([]byte, error)) ([]byte, error) {
	return rewrite(message, func(number protowire.Number, value []byte) ([]byte, bool, error) {
		if number != field {
			return nil, true, nil
		}
		out, err := change(value)
		if out == nil {
			out = []byte{}
		}
		return out, true, err
	})
}

// part returns the bytes in a field of a message.
func part(message []byte, field protowire.Number) ([]byte, error) {
	var found []byte
	_, err := rewrite(message, func(number protowire.Number, value []byte) ([]byte, bool, error) {
		if number == field {
			found = value
		}
		return nil, true, nil
	})
	if err == nil && found == nil {
		err = errors.New("a message without the field that names it")
	}
	return found, err
}

// validations are the calls whose configurations are widened, by kind of block.
var validations = map[string]schema.Kind{
	"/tfplugin5.Provider/ValidateResourceTypeConfig": schema.KindResource,
	"/tfplugin5.Provider/ValidateDataSourceConfig":   schema.KindData,
}

// widened returns a request to validate with the configuration in the form that
// the whole schema asks for: what the view does not show was not written.
func (v *view) widened(kind schema.Kind, request []byte) ([]byte, error) {
	block, err := named(kind, request)
	if err != nil {
		return nil, err
	}
	return within(request, config, func(dynamic []byte) ([]byte, error) {
		return within(dynamic, packed, func(text []byte) ([]byte, error) {
			value, err := msgpack.Unmarshal(text, v.prune(block).ImpliedType())
			if err != nil {
				return nil, err
			}
			return msgpack.Marshal(v.widen(value, block), block.ImpliedType())
		})
	})
}

// narrowed returns an answer to UpgradeResourceState with the state in the form
// that the core has seen the schema of.
func (v *view) narrowed(request, answer []byte) ([]byte, error) {
	block, err := named(schema.KindResource, request)
	if err != nil {
		return nil, err
	}
	return within(answer, upgradedState, func(dynamic []byte) ([]byte, error) {
		return within(dynamic, packed, func(text []byte) ([]byte, error) {
			value, err := msgpack.Unmarshal(text, block.ImpliedType())
			if err != nil {
				return nil, err
			}
			return msgpack.Marshal(v.narrowValue(value, block), v.prune(block).ImpliedType())
		})
	})
}

// named returns the schema of the type that a request names.
func named(kind schema.Kind, request []byte) (*schema.Block, error) {
	name, err := part(request, typeName)
	if err != nil {
		return nil, err
	}
	provider, ok := schema.For("5")
	if !ok {
		return nil, errors.New("no schema of version 5")
	}
	block, ok := provider.Type(kind, string(name))
	if !ok {
		return nil, fmt.Errorf("no schema of %s", name)
	}
	return block, nil
}

// prune returns a block without the nested blocks that are not shown.
func (v *view) prune(b *schema.Block) *schema.Block {
	if p, ok := v.pruned.Load(b); ok {
		return p.(*schema.Block)
	}
	p := &schema.Block{Attributes: b.Attributes, Blocks: map[string]*schema.NestedBlock{}}
	for name, n := range b.Blocks {
		if v.blocks[name] {
			p.Blocks[name] = &schema.NestedBlock{Block: v.prune(n.Block), Nesting: n.Nesting, MinItems: n.MinItems, MaxItems: n.MaxItems}
		}
	}
	v.pruned.Store(b, p)
	return p
}

// widen returns an object of a pruned block as one of the whole block.
func (v *view) widen(value cty.Value, b *schema.Block) cty.Value {
	return v.reshape(value, b, b.ImpliedType(), func(b *schema.Block) *schema.Block { return b })
}

// narrowValue returns an object of a block as one of the pruned block.
func (v *view) narrowValue(value cty.Value, b *schema.Block) cty.Value {
	return v.reshape(value, b, v.prune(b).ImpliedType(), v.prune)
}

// reshape returns an object with the nested blocks that form gives a block. Those
// that the view does not show are empty, and those of value are left out.
func (v *view) reshape(value cty.Value, b *schema.Block, ty cty.Type, form func(*schema.Block) *schema.Block) cty.Value {
	switch {
	case value.IsNull():
		return cty.NullVal(ty)
	case !value.IsKnown():
		return cty.UnknownVal(ty)
	}
	attrs := map[string]cty.Value{}
	for name := range b.Attributes {
		attrs[name] = value.GetAttr(name)
	}
	for name := range form(b).Blocks {
		inner := ty.AttributeType(name)
		if !v.blocks[name] {
			attrs[name] = none(inner)
			continue
		}
		n := b.Blocks[name]
		attrs[name] = collected(value.GetAttr(name), inner, func(element cty.Value) cty.Value {
			return v.reshape(element, n.Block, form(n.Block).ImpliedType(), form)
		})
	}
	return cty.ObjectVal(attrs)
}

// collected applies change to the object, or to each of the objects, that nested
// blocks are, and collects them as a value of the type.
func collected(value cty.Value, ty cty.Type, change func(cty.Value) cty.Value) cty.Value {
	switch {
	case ty.IsObjectType():
		return change(value)
	case value.IsNull():
		return cty.NullVal(ty)
	case !value.IsKnown():
		return cty.UnknownVal(ty)
	case value.LengthInt() == 0:
		return none(ty)
	}
	var elements []cty.Value
	keyed := map[string]cty.Value{}
	for it := value.ElementIterator(); it.Next(); {
		key, element := it.Element()
		changed := change(element)
		elements = append(elements, changed)
		if ty.IsMapType() {
			keyed[key.AsString()] = changed
		}
	}
	switch {
	case ty.IsMapType():
		return cty.MapVal(keyed)
	case ty.IsSetType():
		return cty.SetVal(elements)
	case ty.IsListType():
		return cty.ListVal(elements)
	}
	return cty.TupleVal(elements)
}

// none is what stands for a nested block that is not written.
func none(ty cty.Type) cty.Value {
	switch {
	case ty.IsListType():
		return cty.ListValEmpty(ty.ElementType())
	case ty.IsSetType():
		return cty.SetValEmpty(ty.ElementType())
	case ty.IsMapType():
		return cty.MapValEmpty(ty.ElementType())
	case ty.IsObjectType():
		return cty.NullVal(ty)
	}
	return cty.EmptyTupleVal
}
