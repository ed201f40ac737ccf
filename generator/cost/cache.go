package cost

import (
	"crypto/sha256"
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
	mu     sync.Mutex
	shares map[digest][]*kept
	number int
}

// maxShares bounds the shares that are kept. A cache that is full starts anew.
const maxShares = 8192

// A kept share, and what was read to find it.
type kept struct {
	share  share
	values map[string]cty.Value // of variables
	texts  map[subject]digest   // of all else
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
		if r := c.find(s.typ, s.name); r != nil {
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
	shares := c.shares[r.text.sum()]
	c.mu.Unlock()
	for _, k := range shares {
		if k.holds(m) {
			return k.share, true
		}
	}
	return share{}, false
}

func (k *kept) holds(m *module) bool {
	for name, v := range k.values {
		if !given(m.variables, name).RawEquals(v) {
			return false
		}
	}
	for s, d := range k.texts {
		if m.sum(s) != d {
			return false
		}
	}
	return true
}

// keep keeps the share of a resource block with what was read.
func (c *Cache) keep(m *module, r *resource, read reads, s share) {
	if c == nil {
		return
	}
	k := &kept{share: s, values: map[string]cty.Value{}, texts: map[subject]digest{}}
	for s := range read {
		if s.typ == ofVariables {
			k.values[s.name] = given(m.variables, s.name)
		} else {
			k.texts[s] = m.sum(s)
		}
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.shares == nil || c.number >= maxShares {
		c.shares, c.number = map[digest][]*kept{}, 0
	}
	// Who reads a list has the one before, which stays as it is.
	of := c.shares[r.text.sum()]
	c.shares[r.text.sum()] = append(of[:len(of):len(of)], k)
	c.number++
}
