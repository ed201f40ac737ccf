package awsschema

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"

	"github.com/bpgen/bpgen/generator/schema"
)

// A converter turns schemas of package schema into those of the protocol.
// Blocks and types that are shared there are shared here, which makes the
// start-up quick: most of the 100,000 arguments are a few kinds of string.
type converter struct {
	blocks map[*schema.Block]*tfprotov5.SchemaBlock
}

func newConverter() *converter {
	return &converter{blocks: map[*schema.Block]*tfprotov5.SchemaBlock{}}
}

// all converts the types of one kind.
func (c *converter) all(s *server, kind schema.Kind) map[string]*tfprotov5.Schema {
	out := map[string]*tfprotov5.Schema{}
	for _, name := range s.names(kind) {
		b, _ := s.schemas.Type(kind, name)
		out[name] = &tfprotov5.Schema{Block: c.block(s.prune(b))}
	}
	return out
}

// names lists the types that the server serves: without what package schema
// knows of Terraform's builtin provider, and only the asked ones where New was
// told so.
func (s *server) names(kind schema.Kind) []string {
	return slices.DeleteFunc(s.schemas.Names(kind), func(n string) bool {
		return !strings.HasPrefix(n, "aws_") || s.types != nil && !slices.Contains(s.types, n)
	})
}

func (c *converter) block(b *schema.Block) *tfprotov5.SchemaBlock {
	if done, ok := c.blocks[b]; ok {
		return done
	}
	out := &tfprotov5.SchemaBlock{}
	for _, name := range slices.Sorted(maps.Keys(b.Attributes)) {
		a := b.Attributes[name]
		out.Attributes = append(out.Attributes, &tfprotov5.SchemaAttribute{
			Name: name, Type: toTFType(a.Type),
			Required: a.Required, Optional: a.Optional, Computed: a.Computed,
			Sensitive: a.Sensitive, WriteOnly: a.WriteOnly, Deprecated: a.Deprecated,
		})
	}
	for _, name := range slices.Sorted(maps.Keys(b.Blocks)) {
		nb := b.Blocks[name]
		out.BlockTypes = append(out.BlockTypes, &tfprotov5.SchemaNestedBlock{
			TypeName: name, Block: c.block(nb.Block), Nesting: nesting[nb.Nesting],
			MinItems: int64(nb.MinItems), MaxItems: int64(nb.MaxItems),
		})
	}
	c.blocks[b] = out
	return out
}

var nesting = map[schema.Nesting]tfprotov5.SchemaNestedBlockNestingMode{
	schema.NestingSingle: tfprotov5.SchemaNestedBlockNestingModeSingle,
	schema.NestingList:   tfprotov5.SchemaNestedBlockNestingModeList,
	schema.NestingSet:    tfprotov5.SchemaNestedBlockNestingModeSet,
	schema.NestingMap:    tfprotov5.SchemaNestedBlockNestingModeMap,
	schema.NestingGroup:  tfprotov5.SchemaNestedBlockNestingModeGroup,
}

func toTFType(ty cty.Type) tftypes.Type {
	switch {
	case ty == cty.String:
		return tftypes.String
	case ty == cty.Number:
		return tftypes.Number
	case ty == cty.Bool:
		return tftypes.Bool
	case ty.IsListType():
		return tftypes.List{ElementType: toTFType(ty.ElementType())}
	case ty.IsSetType():
		return tftypes.Set{ElementType: toTFType(ty.ElementType())}
	case ty.IsMapType():
		return tftypes.Map{ElementType: toTFType(ty.ElementType())}
	case ty.IsObjectType():
		atys := map[string]tftypes.Type{}
		for name, aty := range ty.AttributeTypes() {
			atys[name] = toTFType(aty)
		}
		return tftypes.Object{AttributeTypes: atys}
	case ty.IsTupleType():
		var etys []tftypes.Type
		for _, ety := range ty.TupleElementTypes() {
			etys = append(etys, toTFType(ety))
		}
		return tftypes.Tuple{ElementTypes: etys}
	}
	return tftypes.DynamicPseudoType
}
