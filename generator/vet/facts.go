package vet

import (
	"strings"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"

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

// Default returns the default of a variable, of the type that is declared, and where
// it stands. There is none of a variable that has to be set, or whose default is wrong.
func (m *Module) Default(name string) (cty.Value, hcl.Range, bool) {
	v := m.variables[name]
	if v == nil || v.block.Body.Attributes["default"] == nil {
		return cty.NilVal, hcl.Range{}, false
	}
	def := v.block.Body.Attributes["default"]
	val, ok := defaultOf(v.block, def)
	return val, def.Expr.Range(), ok
}

// TypeOf returns the type that is declared for a variable.
func (m *Module) TypeOf(variable string) cty.Type {
	if v := m.variables[variable]; v != nil {
		return v.ty.WithoutOptionalAttributesDeep()
	}
	return cty.DynamicPseudoType
}

// Given returns what a variable is set to, and by which module, when a module above
// this one in the tree is the only one that calls it.
func (m *Module) Given(variable string) (hclsyntax.Expression, *Module) {
	by, c := m.caller()
	if c == nil {
		return nil, nil
	}
	a := c.block.Body.Attributes[variable]
	if a == nil {
		return nil, nil
	}
	return a.Expr, by
}

// caller returns the one call of the module from above it.
func (m *Module) caller() (*Module, *call) {
	if m.sought {
		return m.calledBy, m.call
	}
	m.sought = true
	for _, other := range m.run.sorted {
		if other == m || other.Dir != "" && !strings.HasPrefix(m.Dir, other.Dir+"/") {
			continue
		}
		for _, name := range sortedNames(other.calls) {
			switch c := other.calls[name]; {
			case c.target != m:
			case m.call != nil: // there are several
				m.calledBy, m.call = nil, nil
				return nil, nil
			default:
				m.calledBy, m.call = other, c
			}
		}
	}
	return m.calledBy, m.call
}

// Beside returns the other modules that this one's only caller calls.
func (m *Module) Beside() []*Module {
	by, _ := m.caller()
	if by == nil {
		return nil
	}
	var out []*Module
	for _, name := range sortedNames(by.calls) {
		if t := by.calls[name].target; t != nil && t != m {
			out = append(out, t)
		}
	}
	return out
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
