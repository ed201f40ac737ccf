package generator

import (
	"sync"

	"github.com/hashicorp/hcl/v2"
	"github.com/hashicorp/hcl/v2/hclsyntax"

	"github.com/bpgen/bpgen/generator/link"
	"github.com/bpgen/bpgen/generator/render"
)

// A Cache keeps what one render works out for the next. Renders of one catalog
// that differ in a few options share most of their work; the bytes they return
// are the same with a cache and without. It is safe for concurrent use and
// bounded. The nil Cache keeps nothing.
type Cache struct {
	linked   *link.Cache
	rendered *render.Cache

	mu     sync.Mutex
	parsed map[string]parsed // by name and content
}

type parsed struct {
	file  *hcl.File
	diags hcl.Diagnostics
}

// maxParsed bounds how many parsed files a cache holds.
const maxParsed = 4096

// NewCache returns an empty cache, for one catalog.
func NewCache() *Cache {
	return &Cache{linked: link.NewCache(), rendered: render.NewCache(), parsed: map[string]parsed{}}
}

func (c *Cache) links() *link.Cache {
	if c == nil {
		return nil
	}
	return c.linked
}

func (c *Cache) renders() *render.Cache {
	if c == nil {
		return nil
	}
	return c.rendered
}

// parser returns a parser that remembers, or nil.
func (c *Cache) parser() func(src []byte, name string) (*hcl.File, hcl.Diagnostics) {
	if c == nil {
		return nil
	}
	return c.parse
}

func (c *Cache) parse(src []byte, name string) (*hcl.File, hcl.Diagnostics) {
	key := name + "\x00" + string(src)
	c.mu.Lock()
	p, ok := c.parsed[key]
	c.mu.Unlock()
	if ok {
		return p.file, p.diags
	}
	p.file, p.diags = hclsyntax.ParseConfig(src, name, hcl.InitialPos)
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.parsed) >= maxParsed {
		clear(c.parsed)
	}
	c.parsed[key] = p
	return p.file, p.diags
}
