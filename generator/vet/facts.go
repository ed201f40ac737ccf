package vet

import (
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/home"
	"github.com/bpgen/bpgen/generator/schema"
)

// This file is what a Checker may ask a module, besides its fields.

// Of returns the managed resources of a type, in order of files and lines.
func (m *Module) Of(typ string) []*Resource {
	if m.byType == nil {
		m.byType = map[string][]*Resource{}
		for _, r := range m.Resources {
			if r.Kind == schema.KindResource {
				m.byType[r.Type] = append(m.byType[r.Type], r)
			}
		}
	}
	return m.byType[typ]
}

// Lookup returns the block with an address, such as aws_vpc.main, or nil.
func (m *Module) Lookup(addr string) *Resource { return m.resources[addr] }

// Local returns the expression of a local value, or nil.
func (m *Module) Local(name string) hclsyntax.Expression {
	if l := m.locals[name]; l != nil {
		return l.attr.Expr
	}
	return nil
}

// Whole says that everything of the module is in its files: it calls no other
// module, and each file could be read. Only then does absence prove anything.
func (m *Module) Whole() bool { return !m.partial && len(m.calls) == 0 }

// Repeated says whether a block has count or for_each.
func (r *Resource) Repeated() bool { return r.each != once }

// Keep returns what make returned when it was first called with the key, for
// what several rules want to know of a module. It is not safe for concurrent
// use; the rules of a run are run one after the other.
func (m *Module) Keep(key any, make func() any) any {
	v, ok := m.kept[key]
	if !ok {
		if m.kept == nil {
			m.kept = map[any]any{}
		}
		v = make()
		m.kept[key] = v
	}
	return v
}

// Home returns where the users of the module are.
func (m *Module) Home() home.Home { return home.FindOrDefault(m.run.opts.Home) }
