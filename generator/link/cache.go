package link

import (
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/budget"
	"github.com/bpgen/bpgen/generator/ir"
	"github.com/bpgen/bpgen/generator/lang"
	"github.com/bpgen/bpgen/generator/memo"
	"github.com/bpgen/bpgen/generator/specialise"
)

// A Cache keeps what one link works out for the next: specialised components by
// all that they are made of, and texts by themselves. It is safe for concurrent
// use, holds a bounded number of entries, and never changes what a link returns.
// It is for one catalog: its templates and its ledger.
type Cache struct {
	demands    specialise.Demands
	components *memo.Map[specialise.Key, *specialised] // nil, which keeps nothing, for one link alone
	texts      memo.Map[string, []byte]
	named      ir.Texts
	printed    memo.Map[string, printed]  // expressions
	refs       memo.Map[string, lang.Set] // of expressions
	blocks     memo.Map[string, named]    // what blocks refer to
	shared     memo.Map[declared, sharedVariable]
}

// A printed expression is one that bpgen has written, parsed. It is never changed.
type printed struct {
	expr  hclsyntax.Expression
	diags hcl.Diagnostics
}

// NewCache returns an empty cache.
func NewCache() *Cache {
	return &Cache{components: &memo.Map[specialise.Key, *specialised]{Most: maxComponents}}
}

// maxComponents bounds the components that are kept, which are large.
const maxComponents = 2048

// A specialised component with its diagnostics and tests. It is never changed.
type specialised struct {
	comp  *specialise.Component
	diags hcl.Diagnostics
	// Worked out once, by the first who asks.
	tests  func() tests
	placed func() placed
}

// tests are the tests of a component, with what is wrong with them.
type tests struct {
	runs  []*ir.Block
	diags hcl.Diagnostics
}

// placed are the files of a component that are not configuration, in the order
// of its template, with what is wrong with them.
type placed struct {
	files []asset
	diags hcl.Diagnostics
}

// An asset is a file's place in the module and what stands in it.
type asset struct {
	from, to string
	body
}

// specialise specialises a component, or finds it in the cache.
func (l *linker) specialise(in specialise.Input) *specialised {
	build := func() *specialised {
		s := &specialised{}
		s.comp, s.diags = specialise.Specialise(in)
		if s.diags.HasErrors() {
			return s
		}
		s.tests = sync.OnceValue(func() (t tests) {
			t.runs, t.diags = specialise.Tests(in, s.comp)
			return t
		})
		s.placed = sync.OnceValue(func() placed { return filled(in, s.comp) })
		return s
	}
	s, built := l.in.Cache.components.Make(in.Key(), build)
	if !built && budget.Ended(s.diags) {
		s = build() // what ended another link is no result
	}
	if s.tests != nil && !l.in.Bare {
		s.tests() // beside other components
	}
	return s
}
