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
	"github.com/hashicorp/hcl/v2/hclsyntax"
	"github.com/zclconf/go-cty/cty"
)

// A Cache keeps what resource blocks came to, for code that shares them: modules
// that differ in a few options share most. A share is kept with all that was read
// to find it, and holds wherever that is the same. It is safe for concurrent use
// and bounded. A nil Cache keeps nothing.
type Cache struct {
	values values
	mu     sync.Mutex
	blocks map[digest][]*readings
	number int // of shares
}

// maxShares bounds the shares that are kept, and maxValues the values of all
// variables. What is full starts anew.
const (
	maxShares = 8192
	maxValues = 8192
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

// readings are the shares of a block that were found by reading the same, by what
// was there.
type readings struct {
	subjects []subject
	shares   map[string]share
}

// A digest stands for the text of blocks; its zero value for none.
type digest [sha256.Size]byte

// A text is the text of a block.
type text struct {
	bytes  []byte
	digest digest // made when it is asked for
}

func textOf(f *hcl.File, b *hclsyntax.Block) *text {
	return &text{bytes: hcl.RangeBetween(b.TypeRange, b.CloseBraceRange).SliceBytes(f.Bytes)}
}

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
	switch {
	case s.typ == ofLocals:
		return c.locals[s.name].text.sum()
	case s.name != "":
		if r := c.named[s]; r != nil {
			return r.text.sum()
		}
		return digest{}
	}
	h := sha256.New()
	for r := range c.all(s.typ) {
		d := r.text.sum()
		h.Write(d[:])
	}
	return digest(h.Sum(nil))
}

// find returns the share of a resource block that was kept for a module in which
// all that was read is the same.
func (c *Cache) find(m *module, r *resource) (share, bool) {
	if c == nil {
		return share{}, false
	}
	c.mu.Lock()
	of := c.blocks[r.text.sum()]
	c.mu.Unlock()
	for _, read := range of {
		there := m.there(read.subjects)
		c.mu.Lock()
		s, ok := read.shares[there]
		c.mu.Unlock()
		if ok {
			return s, true
		}
	}
	return share{}, false
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

// keep keeps the share of a resource block with what was read.
func (c *Cache) keep(m *module, r *resource, read reads, s share) {
	if c == nil {
		return
	}
	subjects := slices.SortedFunc(maps.Keys(read), func(a, b subject) int {
		return cmp.Or(strings.Compare(a.typ, b.typ), strings.Compare(a.name, b.name))
	})
	there := m.there(subjects)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.blocks == nil || c.number >= maxShares {
		c.blocks, c.number = map[digest][]*readings{}, 0
	}
	of := c.blocks[r.text.sum()]
	i := slices.IndexFunc(of, func(k *readings) bool { return slices.Equal(k.subjects, subjects) })
	if i < 0 {
		i = len(of)
		of = append(slices.Clip(of), &readings{subjects: subjects, shares: map[string]share{}})
		c.blocks[r.text.sum()] = of
	}
	of[i].shares[there] = s
	c.number++
}
