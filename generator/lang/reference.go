package lang

import (
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// A Kind is what a reference names.
type Kind string

// The kinds of references. Those from Each on are words of the language, which
// name no block.
const (
	Variable  Kind = "var"
	Local     Kind = "local"
	Module    Kind = "module"
	Data      Kind = "data"
	Ephemeral Kind = "ephemeral"
	Resource  Kind = "resource"

	Each      Kind = "each"
	Count     Kind = "count"
	Self      Kind = "self"
	Path      Kind = "path"
	Terraform Kind = "terraform"
	OpenTofu  Kind = "tofu"
)

// Word says whether references of the kind name no block.
func (k Kind) Word() bool {
	switch k {
	case Each, Count, Self, Path, Terraform, OpenTofu:
		return true
	}
	return false
}

// A Reference is what a traversal names: its first steps.
type Reference struct {
	Kind  Kind
	Type  string // of a resource, data source or ephemeral resource
	Name  string
	Steps int // how many steps of the traversal name it; the rest are attributes and indexes
}

// Refer reads the beginning of a traversal. It reports false for one that ends
// before it names anything, such as data.aws_region.
func Refer(t hcl.Traversal) (Reference, bool) {
	if len(t) == 0 || t.IsRelative() {
		return Reference{}, false
	}
	root := t.RootName()
	switch k := Kind(root); k {
	case Variable, Local, Module, Path, Terraform, OpenTofu, Each, Count:
		name, ok := Step(t, 1)
		return Reference{Kind: k, Name: name, Steps: min(2, len(t))}, ok
	case Self:
		return Reference{Kind: k, Steps: 1}, true
	case Data, Ephemeral, Resource:
		typ, _ := Step(t, 1)
		name, ok := Step(t, 2)
		return Reference{Kind: k, Type: typ, Name: name, Steps: min(3, len(t))}, ok && typ != ""
	}
	name, ok := Step(t, 1)
	return Reference{Kind: Resource, Type: root, Name: name, Steps: min(2, len(t))}, ok
}

// Address returns the address of what a reference names, such as var.x or
// data.aws_region.this; "" for a word of the language.
func (r Reference) Address() string {
	switch r.Kind {
	case Variable, Local, Module:
		return string(r.Kind) + "." + r.Name
	case Data, Ephemeral:
		return string(r.Kind) + "." + r.Type + "." + r.Name
	case Resource:
		return r.Type + "." + r.Name
	}
	return ""
}

// Step returns the name of a traversal's step, when that is an attribute.
func Step(t hcl.Traversal, i int) (string, bool) {
	if i >= len(t) {
		return "", false
	}
	a, ok := t[i].(hcl.TraverseAttr)
	return a.Name, ok
}

// FirstStep returns the name of the first step from the given one on that is an
// attribute, past indexes and splats; "" without one.
func FirstStep(t hcl.Traversal, from int) string {
	for i := from; i < len(t); i++ {
		if name, ok := Step(t, i); ok {
			return name
		}
	}
	return ""
}

// Identifier says whether a text can be a name, as hclsyntax.ValidIdentifier does,
// which starts a lexer for each.
func Identifier(text string) bool {
	for i, c := range []byte(text) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', c == '_':
		case i > 0 && (c == '-' || '0' <= c && c <= '9'):
		case c < utf8.RuneSelf:
			return false
		default:
			return hclsyntax.ValidIdentifier(text)
		}
	}
	return text != ""
}
