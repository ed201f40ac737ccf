package cost

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/zclconf/go-cty/cty"
)

// A Cache keeps what resource blocks and local values came to, for code that shares
// them: modules that differ in a few options share most. Each is kept with all that
// was read to find it, and holds wherever that is the same. It is safe for concurrent
// use and bounded.
type Cache struct {
	values values
	shares kept[share]
	locals kept[cty.Value]
	blind  kept[cty.Value] // without the arguments of resources
}

// kept are results by the text that they follow from and by what was read besides.
type kept[V any] struct {
	mu     sync.Mutex
	of     map[digest][]*readings[V]
	number int // of results
}

// maxKept bounds the results that are kept, maxReadings how many sets of things read
// there are for one text, and maxValues the values of all variables. What is full
// starts anew; of the sets the oldest goes.
const (
	maxKept     = 8192
	maxReadings = 16
	maxValues   = 8192
)

// values are the values that variables have had, each with a number of its own. They
// are safe for concurrent use.
type values struct {
	mu   sync.Mutex
	of   map[string][]numbered
	next int
}

type numbered struct {
	value  cty.Value
	number int
}

// number returns the number of a variable's value. No other value of the variable
// ever has it.
func (v *values) number(name string, value cty.Value) int {
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, known := range v.of[name] {
		if known.value.RawEquals(value) {
			return known.number
		}
	}
	if v.of == nil || v.next%maxValues == 0 {
		v.of = map[string][]numbered{}
	}
	v.next++
	v.of[name] = append(v.of[name], numbered{value, v.next})
	return v.next
}

// readings are the results of a text that were found by reading the same, by what was
// there.
type readings[V any] struct {
	subjects []subject
	results  map[string]V
}

// A digest stands for the text of blocks; its zero value for none.
type digest [sha256.Size]byte

// nowhere is the digest of the argument of a resource that there is not.
var nowhere = digest{1}

// A text is the text of a block, of an argument or of a local value.
type text struct {
	bytes  []byte
	digest digest // made when it is asked for
}

func textOf(f *hcl.File, rng hcl.Range) *text { return &text{bytes: rng.SliceBytes(f.Bytes)} }

func (t *text) sum() digest {
	if t == nil {
		return digest{}
	}
	if t.digest == (digest{}) {
		t.digest = sha256.Sum256(t.bytes)
	}
	return t.digest
}

// sum returns the digest of what a subject is in the code.
func (c *Code) sum(s subject) digest {
	d, known := c.sums[s]
	if !known {
		d = c.summed(s)
		c.sums[s] = d
	}
	return d
}

func (c *Code) summed(s subject) digest {
	switch {
	case s.typ == ofLocals:
		return c.locals[s.name].text.sum()
	case s.name == "":
		h := sha256.New()
		for r := range c.all(s.typ) {
			d := r.text.sum()
			h.Write(d[:])
		}
		return digest(h.Sum(nil))
	}
	switch r := c.named[subject{typ: s.typ, name: s.name}]; {
	case r == nil:
		return nowhere
	case s.argument == "":
		return r.text.sum()
	default:
		return r.argument(s.argument).sum()
	}
}

// find returns the result of a text that was kept for a module in which all that was
// read is the same, and what that is.
func (k *kept[V]) find(m *module, t *text) (result V, read reads, ok bool) {
	k.mu.Lock()
	of := k.of[t.sum()]
	k.mu.Unlock()
	for _, r := range of {
		there := m.there(r.subjects)
		k.mu.Lock()
		result, ok = r.results[there]
		k.mu.Unlock()
		if ok {
			return result, m.readsOf(r.subjects), true
		}
	}
	return result, nil, false
}

// readsOf returns that subjects are read as they are in a module.
func (m *module) readsOf(subjects []subject) reads {
	out := make(reads, len(subjects))
	for _, s := range subjects {
		out[s] = 0
		if s.typ == ofVariables {
			out[s] = m.version(s.name)
		}
	}
	return out
}

// there returns what subjects are in a module: the same text for the same.
func (m *module) there(subjects []subject) string {
	out := make([]byte, 0, len(subjects)*len(digest{}))
	for _, s := range subjects {
		if s.typ == ofVariables {
			out = binary.AppendUvarint(out, uint64(m.version(s.name)))
			continue
		}
		d := m.sum(s)
		out = append(out, d[:]...)
	}
	return string(out)
}

// keep keeps the result of a text with what was read.
func (k *kept[V]) keep(m *module, t *text, read reads, result V) {
	subjects := slices.SortedFunc(maps.Keys(read), func(a, b subject) int {
		return cmp.Or(strings.Compare(a.typ, b.typ), strings.Compare(a.name, b.name), strings.Compare(a.argument, b.argument))
	})
	there := m.there(subjects)
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.of == nil || k.number >= maxKept {
		k.of, k.number = map[digest][]*readings[V]{}, 0
	}
	of := k.of[t.sum()]
	i := slices.IndexFunc(of, func(r *readings[V]) bool { return slices.Equal(r.subjects, subjects) })
	if i < 0 {
		if len(of) == maxReadings {
			k.number -= len(of[0].results)
			of = slices.Clone(of[1:]) // who looks something up may be reading it
		}
		i = len(of)
		of = append(slices.Clip(of), &readings[V]{subjects: subjects, results: map[string]V{}})
		k.of[t.sum()] = of
	}
	of[i].results[there] = result
	k.number++
}
