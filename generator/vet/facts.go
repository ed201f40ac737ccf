package vet

import (
	"slices"
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

// Holding returns the module whose directory holds a file, or nil.
func (m *Module) Holding(file string) *Module {
	if dirOf(file) == m.Dir {
		return m
	}
	return m.run.modules[dirOf(file)]
}

// Given returns the expression that a variable is sure to have when a module above this
// one in the tree is the only one that calls it: what the call sets it to, or its default
// when that sets nothing. There is none otherwise. Holding says where it stands.
func (m *Module) Given(variable string) hclsyntax.Expression {
	_, c := m.caller()
	v := m.variables[variable]
	if c == nil || v == nil {
		return nil
	}
	a := c.block.Body.Attributes[variable]
	if a == nil || hcl.ExprAsKeyword(a.Expr) == "null" && refusesNull(v.block) {
		a = v.block.Body.Attributes["default"]
	}
	if a == nil {
		return nil
	}
	return a.Expr
}

// refusesNull says whether a variable takes its default instead of null.
func refusesNull(b *hclsyntax.Block) bool {
	a := b.Body.Attributes["nullable"]
	return a != nil && hcl.ExprAsKeyword(a.Expr) == "false"
}

// Converted returns a value as a module has it that a variable is set to: of the type
// that is declared, with the defaults of its attributes.
func (m *Module) Converted(variable string, val cty.Value) (cty.Value, bool) {
	v := m.variables[variable]
	if v == nil {
		return cty.DynamicVal, false
	}
	return declared(v.block, val)
}

// Callers returns how many calls there are of the module from above it.
func (m *Module) Callers() int { return len(m.callers) }

// Caller returns the one module above this one that calls it, and the block that does.
func (m *Module) Caller() (*Module, *hclsyntax.Block) {
	by, c := m.caller()
	if c == nil {
		return nil, nil
	}
	return by, c.block
}

// Called returns the module that a call is of, or nil. It is in the tree, below this one.
func (m *Module) Called(call string) *Module {
	if c := m.calls[call]; c != nil && m.above(c.target) {
		return c.target
	}
	return nil
}

// Output returns the value of an output of a module that Called returns, or nil.
func (m *Module) Output(call, name string) hclsyntax.Expression {
	called := m.Called(call)
	if called == nil {
		return nil
	}
	o := called.outputs[name]
	if o == nil || o.block.Body.Attributes["value"] == nil {
		return nil
	}
	return o.block.Body.Attributes["value"].Expr
}

// above says whether a module is in a directory below that of this one.
func (m *Module) above(other *Module) bool {
	return other != nil && other != m && (m.Dir == "" || strings.HasPrefix(other.Dir, m.Dir+"/"))
}

// caller returns the one call of the module from above it.
func (m *Module) caller() (*Module, *call) {
	if len(m.callers) != 1 {
		return nil, nil
	}
	return m.callers[0].module, m.callers[0].call
}

// A calling is a call of a module and the module above it that calls it.
type calling struct {
	module *Module
	call   *call
}

// callees notes whom a module calls below it.
func (r *runner) callees(m *Module) {
	for _, name := range sortedNames(m.calls) {
		if c := m.calls[name]; m.above(c.target) {
			c.target.callers = append(c.target.callers, calling{m, c})
		}
	}
}

// A tree is modules that belong together.
type tree struct {
	modules []*Module // sorted by directory
	whole   bool
}

// Tree returns the modules that are joined with this one by calls of modules below the
// caller, sorted by directory. It is the same slice for all of them.
func (m *Module) Tree() []*Module { return m.joined().modules }

// Whole says that everything of the module's tree is in its files: none calls a module
// outside of the tree, and each file could be read. Only then does absence prove
// anything.
func (m *Module) Whole() bool { return m.joined().whole }

func (m *Module) joined() *tree {
	if m.tree != nil {
		return m.tree
	}
	t := &tree{whole: true}
	var join func(*Module)
	join = func(n *Module) {
		if n.tree != nil {
			return
		}
		n.tree = t
		t.modules = append(t.modules, n)
		t.whole = t.whole && !n.partial
		for _, c := range n.calls {
			if !n.above(c.target) {
				t.whole = false
				continue
			}
			join(c.target)
		}
		for _, c := range n.callers {
			join(c.module)
		}
	}
	join(m)
	slices.SortFunc(t.modules, func(a, b *Module) int { return strings.Compare(a.Dir, b.Dir) })
	return t
}

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
