package link

import (
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"

	"github.com/bpgen/bpgen/generator/specialise"
)

// A Cache keeps what one link works out for the next: specialised components,
// formatted blocks and what they refer to. Links that differ in one option share
// nearly all of it. It is safe for concurrent use, holds a bounded number of
// entries, and never changes what a link returns. The templates and the ledger
// behind it must stay the same.
type Cache struct {
	components memo[string, specialised]
	texts      memo[block, tidied]
}

// NewCache returns an empty cache.
func NewCache() *Cache { return &Cache{} }

// A specialised component with its diagnostics and tests. It is never changed.
type specialised struct {
	comp      *specialise.Component
	diags     hcl.Diagnostics
	tests     []byte
	testDiags hcl.Diagnostics
}

// maxEntries bounds each part of a cache. When it is full it starts anew, which
// is simple, and right for runs that vary a few options.
const maxEntries = 8192

// A block is text to tidy; of spaced text every line is formatted in itself.
type block struct {
	text   string
	spaced bool
}

// memo is a map from what a result depends on to the result.
type memo[K comparable, T any] struct {
	mu sync.Mutex
	m  map[K]*entry[T]
}

type entry[T any] struct {
	once  sync.Once
	value T
}

// get returns the result for key, made by build when it is not there yet. Who
// comes while another builds waits for it.
func (m *memo[K, T]) get(key K, build func() T) T {
	m.mu.Lock()
	e := m.m[key]
	if e == nil {
		if m.m == nil || len(m.m) >= maxEntries {
			m.m = map[K]*entry[T]{}
		}
		e = &entry[T]{}
		m.m[key] = e
	}
	m.mu.Unlock()
	e.once.Do(func() { e.value = build() })
	return e.value
}

// specialise specialises a component, or finds it in the cache.
func (l *linker) specialise(in specialise.Input) specialised {
	build := func() specialised {
		var s specialised
		s.comp, s.diags = specialise.Specialise(in)
		if !s.diags.HasErrors() {
			var text string
			text, s.testDiags = specialise.Tests(in, s.comp)
			if text != "" {
				s.tests = l.tidyBlock(text, in.Template.Formatted).text
			}
		}
		return s
	}
	return l.in.Cache.components.get(l.key(in), build)
}

// key writes down everything that a specialisation depends on.
func (l *linker) key(in specialise.Input) string {
	var b strings.Builder
	b.WriteString(in.Template.Dir + "\x00" + in.Name + "\x00" + l.major() + "\x00")
	if in.Prefix != nil {
		b.WriteString("prefix " + *in.Prefix)
	}
	for _, name := range sortedKeys(in.Bound) {
		b.WriteString("\x00" + name + "=")
		in.Bound[name].Fingerprint(&b)
	}
	for _, name := range sortedKeys(in.Exposed) {
		b.WriteString("\x00" + name + "->" + in.Exposed[name])
	}
	return b.String()
}
