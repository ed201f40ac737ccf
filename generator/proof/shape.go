package proof

import (
	"maps"
	"slices"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/schema"
)

// A shape says what a body may hold.
type shape interface {
	settable(name string) bool // an argument that configuration may give
	computed(name string) bool // one that it may only read
	nested(name string) shape  // nil for no such block
	names() []string
}

// shapes returns what the schemas know of a kind of object, with what Terraform
// itself adds.
func (p *parser) shapes(block, typ string, rng hcl.Range) []shape {
	switch block {
	case "variable":
		return []shape{variableShape}
	case "output":
		return []shape{outputShape}
	}
	kind := schema.KindResource
	if block == "data" {
		kind = schema.KindData
	}
	var out []shape
	var known []string
	for _, s := range providers() {
		if b, ok := s.Type(kind, typ); ok {
			out = append(out, awsShape{b, true})
		}
		known = append(known, s.Names(kind)...)
	}
	if len(out) == 0 {
		slices.Sort(known)
		p.errorf(rng, "Unknown type", "The AWS provider has no %s %q.%s", kind, typ, hint(typ, slices.Compact(known)...))
	}
	return out
}

// awsShape is a block of the provider's schema; that of a whole resource has
// Terraform's own arguments as well.
type awsShape struct {
	block *schema.Block
	top   bool
}

func (s awsShape) settable(name string) bool {
	a := s.block.Attributes[name]
	return a != nil && a.Settable() || s.top && slices.Contains([]string{"count", "for_each", "depends_on", "provider"}, name)
}

func (s awsShape) computed(name string) bool {
	a := s.block.Attributes[name]
	return a != nil && !a.Settable()
}

func (s awsShape) nested(name string) shape {
	if b := s.block.Blocks[name]; b != nil {
		return awsShape{b.Block, false}
	}
	if s.top && name == "lifecycle" {
		return lifecycleShape
	}
	// An argument that is a collection of objects may be written as blocks.
	if a := s.block.Attributes[name]; a != nil && a.Settable() && a.Type.IsCollectionType() && a.Type.ElementType().IsObjectType() {
		return &ownShape{args: slices.Sorted(maps.Keys(a.Type.ElementType().AttributeTypes()))}
	}
	return nil
}

func (s awsShape) names() []string {
	return append(slices.Collect(maps.Keys(s.block.Attributes)), slices.Collect(maps.Keys(s.block.Blocks))...)
}

// ownShape is a block of Terraform itself. Its arguments that are code, such as
// conditions, are compared by their text.
type ownShape struct {
	args   []string
	blocks map[string]*ownShape
}

var (
	conditionShape = &ownShape{args: []string{"condition", "error_message"}}
	variableShape  = &ownShape{
		args:   []string{"type", "default", "description", "sensitive", "ephemeral", "nullable"},
		blocks: map[string]*ownShape{"validation": conditionShape},
	}
	outputShape = &ownShape{
		args:   []string{"value", "description", "sensitive", "ephemeral"},
		blocks: map[string]*ownShape{"precondition": conditionShape},
	}
	lifecycleShape = &ownShape{
		args:   []string{"create_before_destroy", "prevent_destroy", "ignore_changes", "replace_triggered_by"},
		blocks: map[string]*ownShape{"precondition": conditionShape, "postcondition": conditionShape},
	}
)

func (s *ownShape) settable(name string) bool { return slices.Contains(s.args, name) }
func (s *ownShape) computed(string) bool      { return false }
func (s *ownShape) names() []string {
	return append(slices.Clone(s.args), slices.Collect(maps.Keys(s.blocks))...)
}

func (s *ownShape) nested(name string) shape {
	if b := s.blocks[name]; b != nil {
		return b
	}
	return nil
}

// asCode lists the arguments of Terraform itself whose text counts, for they are
// conditions, types and references, not values: by whether they stand in blocks of
// Terraform's own.
var asCode = map[bool][]string{
	true:  {"condition", "type", "ignore_changes", "replace_triggered_by"},
	false: {"depends_on", "for_each", "count", "provider"},
}
