// Package memo keeps results by what they depend on.
//
// A Map takes keys and functions that build a value; it returns the value and
// builds it once. It is safe for concurrent use and bounded. It knows nothing of
// what it keeps.
package memo

import (
	"sync"

	"github.com/bpgen/bpgen/generator/crash"
)

// A Map is a map from what a result depends on to the result. Its zero value is
// ready for use and holds up to Most entries. A nil Map keeps nothing.
type Map[K comparable, V any] struct {
	// Most bounds the entries; 0 is 8192. A map that is full starts anew, which is
	// simple, and right for runs that vary a few things around the same ones.
	Most int

	mu      sync.Mutex
	entries map[K]*entry[V]
}

const most = 8192

type entry[V any] struct {
	once  sync.Once
	value V
	panic *crash.Panic
}

// get returns the value, built by the first who asks. Where that panics,
// everybody who asks does: there is no value.
func (e *entry[V]) get(build func() V) (v V, built bool) {
	e.once.Do(func() {
		e.panic = crash.Catch(func() { e.value, built = build(), true })
	})
	if e.panic != nil {
		panic(e.panic)
	}
	return e.value, built
}

// Get returns the result for a key, made by build when it is not there yet. Who
// comes while another builds waits for it. Nobody may change what is returned.
func (m *Map[K, V]) Get(key K, build func() V) V {
	v, _ := m.Make(key, build)
	return v
}

// Make is Get, and says whether this call has built the result.
func (m *Map[K, V]) Make(key K, build func() V) (v V, built bool) {
	if m == nil {
		return build(), true
	}
	m.mu.Lock()
	e := m.entries[key]
	if e == nil {
		e = &entry[V]{}
		m.entries = room(m.entries, m.Most)
		m.entries[key] = e
	}
	m.mu.Unlock()
	return e.get(build)
}

// room returns a map that takes one more entry.
func room[K comparable, V any](entries map[K]*entry[V], bound int) map[K]*entry[V] {
	if bound == 0 {
		bound = most
	}
	if entries == nil || len(entries) >= bound {
		return map[K]*entry[V]{}
	}
	return entries
}

// Len returns how many entries are kept.
func (m *Map[K, V]) Len() int {
	if m == nil {
		return 0
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.entries)
}

// Texts is a Map whose keys are texts, which it copies only to keep them.
type Texts[V any] struct {
	m Map[string, V]
}

// NewTexts returns Texts that hold up to most entries.
func NewTexts[V any](most int) *Texts[V] { return &Texts[V]{m: Map[string, V]{Most: most}} }

// Get is Map.Get. It does not hold on to key.
func (t *Texts[V]) Get(key []byte, build func() V) V {
	v, _ := t.Make(key, build)
	return v
}

// Make is Map.Make. It does not hold on to key.
func (t *Texts[V]) Make(key []byte, build func() V) (v V, built bool) {
	if t == nil {
		return build(), true
	}
	m := &t.m
	m.mu.Lock()
	e := m.entries[string(key)] // a look-up copies nothing
	if e == nil {
		e = &entry[V]{}
		m.entries = room(m.entries, m.Most)
		m.entries[string(key)] = e
	}
	m.mu.Unlock()
	return e.get(build)
}

// Len returns how many entries are kept.
func (t *Texts[V]) Len() int {
	if t == nil {
		return 0
	}
	return t.m.Len()
}
