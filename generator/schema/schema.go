// Package schema answers what the hashicorp/aws provider and Terraform's
// builtin provider accept, without starting a provider.
//
// It takes the name of a type and returns its arguments, nested blocks and
// cty type, for the two major versions that bpgen renders for. The schemas are
// embedded in a compact binary form (see format.go) of which only the asked
// types are ever decoded; everything returned is shared and must not be
// changed. The package is pure: it reads nothing but its own embedded bytes,
// does no work at start-up and may be used from many goroutines.
package schema

import (
	_ "embed"
	"sync"

	"github.com/zclconf/go-cty/cty"
)

// SCHEMAS is the folder of the providers' JSON, which is too large for the tree.
//
//go:generate go run ./gen -from ${SCHEMAS} -to .

//go:embed aws-5.bin
var aws5 string

//go:embed aws-6.bin
var aws6 string

// The opened providers. They hold no decoded type until one is asked for.
var (
	provider5 = sync.OnceValue(func() *Provider { return mustOpen(aws5) })
	provider6 = sync.OnceValue(func() *Provider { return mustOpen(aws6) })
)

// Majors lists the major versions that For knows, oldest first.
func Majors() []string { return []string{"5", "6"} }

// For returns the schemas of one major version of hashicorp/aws, "5" or "6",
// together with those of terraform.io/builtin/terraform.
func For(major string) (*Provider, bool) {
	switch major {
	case "5":
		return provider5(), true
	case "6":
		return provider6(), true
	}
	return nil, false
}

// A Kind says which of a provider's namespaces a type name belongs to.
type Kind int

// The kinds, in the order of the artefact's tables.
const (
	KindResource Kind = iota
	KindData
	KindEphemeral
	kindCount
)

// String returns the keyword of the kind's block.
func (k Kind) String() string {
	switch k {
	case KindResource:
		return "resource"
	case KindData:
		return "data"
	case KindEphemeral:
		return "ephemeral"
	}
	return "unknown"
}

// A Block is the content that a block of configuration may have.
type Block struct {
	Attributes map[string]*Attribute
	Blocks     map[string]*NestedBlock

	implied struct {
		sync.Once
		ty      cty.Type
		dynamic bool // ty holds cty.DynamicPseudoType somewhere
	}
}

// An Attribute is one argument, or a computed value that may only be read when
// neither Required nor Optional is set.
type Attribute struct {
	Type                             cty.Type
	Required, Optional, Computed     bool
	Sensitive, WriteOnly, Deprecated bool
}

// Settable reports whether configuration may give the attribute a value.
func (a *Attribute) Settable() bool { return a.Required || a.Optional }

// Nesting says how the blocks of one name are collected.
type Nesting int

// The nestings, named as `terraform providers schema -json` names them.
const (
	NestingSingle Nesting = iota
	NestingList
	NestingSet
	NestingMap
	NestingGroup
)

// String returns the name that the schema's JSON uses.
func (n Nesting) String() string {
	return [...]string{"single", "list", "set", "map", "group"}[n]
}

// A NestedBlock is a block type inside a block. The content of equal blocks is
// shared: the recursive statement of a web ACL is one Block per level at most.
type NestedBlock struct {
	*Block
	Nesting  Nesting
	MinItems int // 0 for none
	MaxItems int // 0 for any number
}

// ImpliedType returns the type of an object of this block as references see
// it: attributes by their type, nested blocks as an object, or a list, set or
// map of objects. It is computed once.
func (b *Block) ImpliedType() cty.Type {
	ty, _ := b.impliedType()
	return ty
}

func (b *Block) impliedType() (cty.Type, bool) {
	b.implied.Do(func() {
		atys := make(map[string]cty.Type, len(b.Attributes)+len(b.Blocks))
		dynamic := false
		for name, a := range b.Attributes {
			atys[name] = a.Type
			// Attribute types are shallow; only blocks nest deeply enough
			// for a repeated walk to matter.
			dynamic = dynamic || a.Type.HasDynamicTypes()
		}
		for name, nb := range b.Blocks {
			elem, dyn := nb.Block.impliedType()
			dynamic = dynamic || dyn
			switch {
			case nb.Nesting == NestingSingle || nb.Nesting == NestingGroup:
				atys[name] = elem
			case nb.Nesting == NestingSet:
				atys[name] = cty.Set(elem)
			case dyn:
				// Elements may differ in type, so Terraform holds them in a
				// tuple or an object that only a value can name.
				atys[name] = cty.DynamicPseudoType
			case nb.Nesting == NestingMap:
				atys[name] = cty.Map(elem)
			default:
				atys[name] = cty.List(elem)
			}
		}
		b.implied.ty, b.implied.dynamic = cty.Object(atys), dynamic
	})
	return b.implied.ty, b.implied.dynamic
}

// builtin holds the types of terraform.io/builtin/terraform, which no schema
// file of a provider carries. They are small enough to be built when asked for.
func builtin(kind Kind, name string) *Block {
	dynamic := cty.DynamicPseudoType
	switch {
	case kind == KindResource && name == "terraform_data":
		return &Block{Attributes: map[string]*Attribute{
			"id":               {Type: cty.String, Computed: true},
			"input":            {Type: dynamic, Optional: true},
			"output":           {Type: dynamic, Computed: true},
			"triggers_replace": {Type: dynamic, Optional: true},
		}}
	case kind == KindData && name == "terraform_remote_state":
		return &Block{Attributes: map[string]*Attribute{
			"backend":   {Type: cty.String, Required: true},
			"config":    {Type: dynamic, Optional: true},
			"defaults":  {Type: dynamic, Optional: true},
			"outputs":   {Type: dynamic, Computed: true},
			"workspace": {Type: cty.String, Optional: true},
		}}
	}
	return nil
}

// builtinNames lists what builtin knows.
func builtinNames(kind Kind) []string {
	switch kind {
	case KindResource:
		return []string{"terraform_data"}
	case KindData:
		return []string{"terraform_remote_state"}
	}
	return nil
}
